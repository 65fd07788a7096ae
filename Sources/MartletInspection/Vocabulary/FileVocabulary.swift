/// Files and folders that only an attacker names, as parts of paths.
///
/// All in lower case.
enum FileVocabulary {
    /// Anywhere in a value.
    static let anywhere: StaticString = """
        etc/passwd etc/subuid etc/subgid etc/shadow etc/group etc/gshadow etc/hosts etc/hostname \
        etc/issue etc/motd etc/fstab etc/crontab etc/cron.d etc/sudoers etc/master.passwd \
        etc/security/ etc/ssh/ etc/ssl/ etc/apache2 etc/httpd etc/nginx etc/mysql etc/my.cnf \
        etc/php etc/environment etc/profile etc/resolv.conf etc/rc.local etc/init.d etc/inittab \
        etc/exports etc/ldap etc/samba etc/kubernetes etc/docker etc/os-release \
        etc/redhat-release etc/services etc/networks etc/protocols etc/network/ etc/netplan \
        etc/debian_version etc/lsb-release etc/anacrontab etc/at.allow etc/bash.bashrc etc/shells \
        etc/pam.d etc/login.defs etc/sysctl etc/systemd/ etc/vsftpd etc/proftpd etc/postfix \
        etc/mail/ etc/dovecot etc/tomcat etc/lighttpd etc/cups/ etc/aliases etc/pki/ \
        etc/squid etc/haproxy etc/redis etc/mongod etc/postgresql etc/phpmyadmin etc/wireguard \
        etc/openvpn etc/ppp/ etc/snmp etc/krb5 etc/nsswitch etc/host.conf etc/mtab etc/updatedb \
        run/secrets/ etc/bashrc opt/lampp/ opt/xampp/ opt/lamp/ var/www/logs/ apache/logs/ \
        apache2/logs/ bitnami/apache2 nginx/logs/ proc/config proc/self proc/version \
        proc/cpuinfo proc/net proc/mounts proc/cmdline \
        proc/sched_debug proc/1/ sys/class dev/tcp/ dev/udp/ var/log/apache var/log/httpd \
        var/log/nginx var/log/lighttpd var/log/auth var/log/secure var/log/syslog \
        var/log/messages var/log/mail var/log/mysql var/log/vsftpd var/log/xferlog \
        var/log/proftpd var/log/pure-ftpd var/log/exim var/log/postfix var/log/wtmp var/log/btmp \
        var/log/lastlog var/log/faillog var/log/dmesg var/log/kern. var/log/cron var/log/audit \
        var/log/sshd var/log/boot. var/log/error var/log/access var/log/sudo var/log/user. \
        var/log/daemon. var/log/maillog var/run/secrets var/lib/mysql var/mail/ var/spool/cron \
        usr/local/apache usr/local/apps/apache usr/local/etc httpd.conf apache2.conf nginx.conf \
        my.cnf php.ini win.ini boot.ini system.ini desktop.ini system32/config system32\\config \
        system32/drivers/etc system32\\drivers\\etc system32/cmd system32\\cmd system32/calc \
        system32\\calc system32/inetsrv system32\\inetsrv system32/winevt system32\\winevt \
        system32/windowspowershell system32\\windowspowershell windows/system.ini windows/debug \
        windows\\debug windows\\repair windows\\panther windows/repair winnt/ \
        inetpub/ windows/panther unattend.xml sysprep.xml ntuser.dat web.config \
        applicationhost.config machine.config wp-config. wp-config.php localsettings.php \
        configuration.php.bak settings.inc.php config/database.yml config/secrets.yml \
        config/master.key database.yml secrets.yml web-inf/ meta-inf/ .htaccess .htpasswd \
        .htdigest .git/ .git/config .gitignore_global .git-credentials .gitconfig .svn/ .hg/ \
        .bzr/ .cvs/ .ssh/ id_rsa id_dsa id_ecdsa id_ed25519 authorized_keys known_hosts \
        .bash_history .bashrc .bash_profile .bash_logout .zsh_history .zshrc .mysql_history \
        .psql_history .sqlite_history .rediscli_history .python_history .node_repl_history \
        .sh_history .history .profile .netrc .pgpass .my.cnf .npmrc .pypirc .yarnrc .dockercfg \
        .docker/ .dockerenv .dockerignore .kube/ .aws/ .azure/ .gcloud/ .config/gcloud .boto \
        .s3cfg .terraform .tfstate .vagrant .env .env/ .env. .envrc .ds_store .vscode/ .idea/ \
        .vimrc .viminfo .gnupg/ .gem/credentials .m2/settings .gradle/gradle.properties \
        .cargo/credentials .composer/auth.json .claude/ .cursor/ .continue/ .zed/ .cline/ .kiro/ \
        .windsurf/ .codeium/ .aider .gemini/ .copilot/ .codex/ .roo/ .fabric/ .a0proj/ .goose/ \
        .openai/ .anthropic/ .tabnine/ .augment/ .qodo/ .mcp.json .cody/ .junie/ .trae/ .amazonq/ \
        .ollama/ .pearai/ .sourcegraph/ .supermaven/ .void/ .opencode/ .crush/ php_errors.log \
        server.xml tomcat-users.xml jenkins/secrets credentials.xml shadow.bak sam.bak c:/boot \
        c:\\boot c:/inetpub c:\\inetpub c:\\users\\administrator c:/users/administrator \
        c:\\xampp c:/xampp c:\\wamp c:/wamp my.ini c:\\apache c:/apache
        """
    /// The last extension of a path, or the one before an archive's.
    static let extensions: StaticString = """
        bak backup old orig save swp swo sql sqlite sqlite3 db rdb mdb accdb ldb dbf dump pem \
        key pfx p12 jks keystore kdb kdbx asc ppk ini conf config cfg cnf inc htaccess htpasswd \
        htr htw ida idq idc asa asax ascx axd backup bat cdx cer cmd com cs csproj csr dat dll \
        dos exe lnk log mdf ldf pol printer pwd rdp reg resources resx sys vb vbs vbproj vsdisco \
        webinfo tfstate ovpn
        """
    /// Archives, behind which the extension before counts.
    static let archives: StaticString = "zip gz bz2 xz tar tgz 7z rar zst"
    /// Wrappers of PHP and others, in front of `://` or `:`.
    static let wrappers: StaticString = """
        php phar expect glob zlib bzip2 ogg rar zip compress.zlib compress.bzip2 ssh2 ssh2.shell \
        ssh2.exec ssh2.tunnel ssh2.sftp ssh2.scp file gopher dict netdoc jar local_file sftp \
        ldap ldaps tftp ssh2.sftp imap pop3 smb
        """
    static let automaton = KeywordAutomaton([(.file, WordTable.split(Self.anywhere))])
    static let extensionTable = WordTable([(2, Self.archives), (1, Self.extensions)])
    static let wrapperTable = WordTable([(1, Self.wrappers)])
    /// Files that belong to how a program is built and run: as the last name of a path.
    static let deploymentTable = WordTable([
        (
            1,
            """
            dockerfile docker-compose.yml docker-compose.yaml package.json package-lock.json \
            npm-shrinkwrap.json npm-debug.log yarn.lock yarn-error.log composer.json \
            composer.lock gemfile gemfile.lock rakefile procfile gruntfile.js gulpfile.js \
            webpack.config.js bower.json tsconfig.json jsconfig.json makefile cmakelists.txt \
            pom.xml build.gradle gradle.properties build.xml requirements.txt pipfile \
            pipfile.lock setup.py pyproject.toml poetry.lock cargo.toml cargo.lock go.mod go.sum \
            jenkinsfile vagrantfile serverless.yml appsettings.json sftp-config.json web.config \
            nginx.conf httpd.conf apache2.conf php.ini config.yml config.yaml config.xml \
            config.php config.inc.php configuration.php settings.php settings.py \
            local_settings.py secrets.json credentials.json wp-config.php wp-settings.php \
            phpinfo.php info.php server.xml application.properties application.yml bootstrap.yml \
            log4j.properties log4j2.xml logback.xml hibernate.cfg.xml struts.xml \
            faces-config.xml spring.xml tiles.xml phpunit.xml artisan manage.py error_log \
            access_log error.log access.log debug.log sitemanager.xml filezilla.xml thumbs.db \
            desktop.ini install.php authorized_keys id_rsa backup.zip backup.tar.gz database.sql
            """
        )
    ])
    /// What a server would run if it were uploaded.
    static let executableTable = WordTable([
        (
            1,
            """
            php php2 php3 php4 php5 php6 php7 php8 pht phtml phar phps phpt pgif shtml asp aspx \
            ashx asmx asax cer asa jsp jspx jspf jsw jsv jhtml cgi cfm cfml htaccess war pl
            """
        )
    ])
}
