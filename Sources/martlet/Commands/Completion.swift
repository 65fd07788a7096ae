import ArgumentParser

/// `martlet completion`: a script that teaches a shell the commands.
struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a completion script for a shell.",
        discussion: "For bash: martlet completion bash > /etc/bash_completion.d/martlet")

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var completion: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        print(Martlet.completionScript(for: self.shell.completion))
    }
}
