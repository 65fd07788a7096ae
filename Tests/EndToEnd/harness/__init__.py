"""What the end-to-end tests are made of: the process under test, backends, raw clients."""
