/// How telling a command's name is.
enum CommandWord: UInt8, Sendable {
    case none
    /// Also a word of a language: only with an argument that no prose has.
    case common
    /// A word that hardly stands behind a separator unless it is a command.
    case technical
    /// No word at all: enough with any argument.
    case special
    /// Runs the command behind it.
    case prefix
    /// Commands of Windows.
    case windows
    /// `sleep`: with a number as its only argument.
    case delay
}

enum CommandVocabulary {
    static let common: StaticString = """
        cat cut date find kill last less more join fold head tail sort split sum test touch true \
        false watch write yes mail make which where type start echo man mi top who at cd cp mv \
        look paste comm set unset export read file free link install service host local print \
        source help history jobs fg bg open put get dig wall expand stat strings at batch nice \
        tee uniq view vi vim ex ed nano emacs less column script screen time arch users w hash \
        tree apt patch factor finger pico ash dash fish go node java ruby perl python php bash \
        expect basename dirname shred logger trap return exit shift let eval exec command builtin \
        enable pip pipx npm gem rmt ab as ar ld mtr pr pg pic ptx nl od rev tac ul zip unzip tar \
        git docker cc ping fetch links elinks mount snap crash parallel composer octave kubectl \
        helm terraform vagrant dotnet msbuild python2 python3 nodejs gcc g++ clang jq pandoc \
        xelatex xetex pdflatex pdftex perl5 cobc valgrind readelf restic winget fmt sponge facter \
        puppet chef axel pry rake wish gimp evince wall
        """
    static let technical: StaticString = """
        ls id ps df du pwd env printenv uname whoami ifconfig ip netstat ss lsof htop wget curl \
        chmod chown chgrp chroot rm rmdir mkdir mkfifo mknod ln sh zsh ksh csh tcsh rbash nc ncat \
        netcat nmap socat telnet ftp tftp ssh scp sftp rsync ping6 traceroute nslookup htop sudo \
        su passwd useradd userdel usermod adduser groupadd visudo crontab systemctl journalctl \
        umount fdisk mkfs dd awk gawk mawk sed grep egrep fgrep zcat zless zmore bzcat bzip2 gzip \
        gunzip unxz xz xzcat zgrep base64 base32 xxd hexdump printf sha1sum sha256sum md5sum \
        openssl gdb strace ltrace tcpdump tshark iptables ipconfig arp hostname hostid \
        lsb_release dmesg lscpu lsblk lspci lsusb pkill pgrep killall nohup timeout setsid stdbuf \
        xargs php5 php7 php8 luajit irb jjs jrunscript mysql mysqldump psql sqlite3 mongo \
        redis-cli ansible ansible-config ansible-doc cpulimit aria2c lwp-download lwp-request \
        lynx w3m busybox toybox tclsh ld.so rpm dpkg yum dnf apk pacman apt-get aptitude byebug \
        rvim vimdiff vigr vipw rview bashbug csvtool iftop iconv ionice losetup msgattrib msgcat \
        msgconv msgfilter msgmerge msguniq multitime mtr nroff nsenter pdb pidstat rlogin rlwrap \
        rsh run-mailcap run-parts runc rpcgen setarch setfacl slsh smbclient softlimit sshpass \
        start-stop-daemon stty sysctl taskset tasksh tclsh8 tdbtool troff ulimit uncompress \
        unexpand unlzma unpigz unrar unshare unzstd updatedb uudecode uuencode xmodmap xmore xpad \
        xterm yelp zsoelim zstd zstdcat zstdgrep zstdless zstdmt zypper dmsetup dosbox dvips eqn \
        ebook ethtool ginsh glab gtester hping3 mutt nawk neofetch openvpn pftp pigz psftp pstree \
        pwsh cowsay cowthink cpan cpio cscli cupsfilter capsh c89 c99 cdist certbot check_by_ssh \
        chsh agetty ansible-playbook wc lastlog fping set-uid fbcat fgrep rmt-tar whois wodim \
        xdotool ncdu ssh-keygen ssh-keyscan ssh-copy-id iwr iex iwmi irm gci gwmi icm curl.exe \
        tracepath lslogins chage lesspipe lessecho clc clhy clv cnsn cpi cvpa dbp dnsn ebp etsn \
        exsn gbp gcm gcs gdr ghy gjb gmo gps gsn gsnp gsv ihy ipal ipcsv ipmo ipsn ndr nmo nsn \
        ogv pushd popd rbp rcjb rdr rjb rmo rni rnp rsn rsnp rujb rvpa rwmi sajb saps sasv sbp \
        shcm sls spjb spps spsv sujb swmi trcm wjb acccheckconsole adplus advpack agentexecutor \
        appcert appvlp aspnet_compiler atbroker bginfo bitsadmin certoc certreq certutil cmdkey \
        cmdl32 cmstp comsvcs conhost coregen createdump cscript csi customshellhost datasvcutil \
        desktopimgdownldr devinit dfshim dfsvc diantz diskshadow dnscmd dnx dxcap esentutl \
        eventvwr extexport extrac32 findstr fltmc forfiles fsianycpu fsutil gpscript ie4uinit \
        ieadvpack ieframe ilasm imewdbld infdefaultinstall installutil iscsicpl ldifde makecab \
        manage-bde mavinject mmc mpcmdrun msconfig msdeploy msdt msedge mshta mshtml msiexec \
        msohtmed msxsl netsh ntdsutil odbcconf openconsole pcalua pcwrun pcwutl pktmon pnputil \
        powerpnt presentationhost printbrm procdump protocolhandler provlaunch psr pubprn \
        rasautou rcsi rdrleakdiag regasm regedit regini regsvcs regsvr32 rpcping rundll32 \
        runexehelper runonce runscripthelper schtasks scriptrunner scrobj setupapi shdocvw \
        shell32 shimgvw sqldumper sqlps stordiag syncappvpublishingserver syssetup tasklist \
        taskkill systeminfo powershell powershell_ise ttdinject tttracer unregmp2 vbc verclsid \
        vsjitdebugger winrm winword wlrmdr wmic wscript wsl wsreset wuauclt xwizard zipfldr cmd \
        vssadmin wevtutil icacls cacls takeown cmd.exe powershell.exe pwsh.exe bcdboot bcdedit \
        qwinsta driverquery gpresult dsquery robocopy xcopy nbtstat pathping runas setx tracert \
        tzutil typeperf psexec nltest auditpol aa-enforce aa-complain aa-disable aa-exec aa-audit \
        mosquitto busctl bootctl loginctl hostnamectl timedatectl nft ufw
        """
    static let special: StaticString = """
        ansible-config ansible-doc ansible-galaxy ansible-inventory ansible-pull ansible-vault \
        ansible-playbook chef-vault chef-shell chef-run chef-client chef-solo knife-solo \
        puppet-agent ssh-copy-id ssh-keyscan ssh-agent add-apt-repository dpkg-reconfigure \
        rmt-tar run-parts run-mailcap start-stop-daemon lwp-download lwp-request cscli ifconfig \
        aa-enforce aa-complain aa-disable aa-exec aa-audit aa-unconfined aa-status aa-logprof \
        unxz gunzip bzcat visudo useradd adduser journalctl
        """
    /// With a mechanical argument they are a command line by themselves.
    static let prefixes: StaticString = """
        sudo time nohup strace ltrace xargs setsid stdbuf ionice doas chroot unshare nsenter \
        taskset flock rlwrap busybox toybox timeout
        """
    static let windows: StaticString = """
        cmd cmd.exe powershell powershell.exe pwsh certutil bitsadmin wmic bcdboot bcdedit \
        rundll32 regsvr32 mshta schtasks tasklist taskkill systeminfo ipconfig nslookup net1 \
        netsh net.exe net cscript wscript reg regedit icacls cacls takeown vssadmin wevtutil \
        sc.exe whoami qwinsta quser gpresult driverquery diskpart fsutil forfiles attrib xcopy \
        robocopy msiexec installutil regasm regsvcs msbuild cmdkey dsquery findstr where.exe \
        type dir del erase copy move ren rename rd rmdir md mkdir ver vol path assoc ftype \
        chkdsk comp convert.exe dism expand.exe hostname label nbtstat netstat openfiles \
        pathping ping print recover replace.exe route runas setx shutdown sfc subst tree winrm \
        choice winrs wusa bootrec bootcfg bootim bitlocker auditpol cipher clip compact defrag \
        diantz \
        diskshadow doskey gpupdate klist logman logoff mklink mountvol msg nltest ntdsutil \
        pnputil psexec sigverif telnet tftp tracert tzutil typeperf waitfor winmgmt
        """

    static let windowsTable = WordTable([(1, Self.windows)])
    static let table = WordTable([
        (CommandWord.prefix.rawValue, Self.prefixes),
        (CommandWord.special.rawValue, Self.special),
        (CommandWord.technical.rawValue, Self.technical),
        (CommandWord.common.rawValue, Self.common),
        (CommandWord.windows.rawValue, Self.windows),
        (CommandWord.delay.rawValue, "sleep usleep"),
    ])
    /// Programs of Windows whose names are words or nearly so.
    static let programTable = WordTable([(1, "net reg route sc wmic netsh")])
    /// Technical names that stand in sentences like other words.
    static let spokenTable = WordTable([
        (1, "hostname timeout passwd powershell whois ebook certbot mongo mysql sysctl")
    ])
    /// What `net`, `reg` and `route` do.
    static let netTable = WordTable([
        (1, "user users localgroup group view share use accounts start config session statistics"),
        (1, "query add delete save export load create print process os firewall advfirewall"),
    ])

    /// PowerShell's commands, by their nouns, behind one of `verbs` and a hyphen.
    static let nouns: StaticString = """
        webrequest restmethod expression command item itemproperty wmimethod ciminstance \
        cimmethod wmiobject object content childitem process service eventlog location acl \
        credential securestring executionpolicy module alias history job pssession pssnapin \
        scheduledtask scheduledjob hotfix computerinfo localuser localgroup localgroupmember \
        mppreference netipaddress netipconfiguration netadapter netfirewallrule nettcpconnection \
        bitstransfer clixml csv file host output error verbose string path random type member \
        variable psdrive psprovider psbreakpoint transcript computer counter event runspace \
        clipboard dnsclient dnsname connection netroute smbshare smbmapping archive zip \
        encodedcommand mailmessage webserviceproxy culture date formatdata function verb \
        uiculture unique tracesource sleep
        """
    static let verbs: StaticString = """
        invoke get set new start stop add remove out import export write copy move rename test \
        select where foreach convertto convertfrom enable disable register unregister clear \
        enter exit read resolve restart resume send suspend update wait compress expand connect \
        receive push pop measure group sort format tee trace split join limit checkpoint \
        complete debug disconnect restore save show undo use protect unprotect
        """
    private static let commonNouns: StaticString = """
        item content process service location path file host output error string type member \
        computer event date function unique random module connection command object history job \
        alias counter credential variable archive culture clipboard zip csv
        """
    static let verbTable = WordTable([(1, Self.verbs)])
    /// Kind 2: nouns that are common words, so that the pair may be the name of a page.
    static let nounTable = WordTable([(2, Self.commonNouns), (1, Self.nouns)])
}
