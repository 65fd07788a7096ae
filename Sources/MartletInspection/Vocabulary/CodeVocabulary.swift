/// Names from programming languages that code injection uses.
///
/// All in lower case.
enum CodeVocabulary {
    /// PHP's functions that are no words: no boundary is needed before them.
    static let phpStrong: StaticString = """
        base64_decode base64_encode call_user_func call_user_func_array fsockopen pfsockopen \
        gzdecode gzencode gzuncompress gzinflate gzdeflate gzcompress gzread gzpassthru gzopen \
        gzwrite gzgetc gzgets posix_getpwuid posix_getpwnam posix_getegid posix_geteuid \
        posix_getuid posix_getgid posix_getlogin posix_getgrgid posix_getgrnam posix_kill \
        posix_mkfifo posix_setuid posix_setsid posix_setpgid posix_ttyname posix_uname \
        shell_exec zlib_decode zlib_encode get_defined_vars get_defined_functions \
        get_defined_constants get_current_user get_cfg_var get_class_methods \
        get_loaded_extensions array_map array_walk array_walk_recursive array_filter \
        array_reduce array_diff_ukey array_udiff array_intersect_ukey create_function curl_exec \
        curl_init curl_setopt curl_file_create disk_free_space error_log error_reporting \
        escapeshellarg escapeshellcmd file_get_contents file_put_contents file_exists fileperms \
        fileowner filegroup fileinode fgetcsv fgetss fputcsv fputs fopen fread fwrite fpassthru \
        ftruncate func_get_args function_exists highlight_file show_source html_entity_decode \
        htmlspecialchars_decode image2wbmp imagecreatefromgif imagecreatefromjpeg \
        imagecreatefrompng imagecreatefromxbm imagegd2 imagejpeg imagepng ini_alter ini_get_all \
        ini_restore ini_set is_callable is_executable is_readable is_writable iterator_apply \
        json_decode lcg_value libxml_disable_entity_loader move_uploaded_file mb_ereg mb_eregi \
        mb_ereg_replace mb_parse_str mcrypt_create_iv mcrypt_decrypt mysql_query mysqli_query \
        ob_start ob_get_contents ob_get_clean odbc_connect odbc_exec openssl_decrypt \
        parse_ini_file parse_ini_string parse_str passthru pclose pcntl_exec pcntl_fork \
        pg_connect pg_execute pg_query phpinfo phpversion php_uname php_sapi_name \
        php_strip_whitespace popen preg_match preg_match_all preg_replace preg_replace_callback \
        preg_quote preg_split proc_open proc_close proc_get_status proc_nice proc_terminate \
        putenv readfile readgzfile read_exif_data rawurldecode register_shutdown_function \
        register_tick_function runkit_function_rename scandir session_start set_error_handler \
        set_exception_handler set_include_path set_time_limit simplexml_load_file \
        simplexml_load_string spl_autoload_register sqlite_open sqlite_query socket_connect \
        socket_create stream_context_create stream_get_contents stream_socket_client str_rot13 \
        strrev stripcslashes stripslashes str_replace str_repeat substr_replace sys_get_temp_dir \
        tempnam tmpfile uasort uksort usort unserialize urldecode utf8_decode var_dump \
        var_export wp_remote_get xml_parse xmlrpc_decode yaml_parse zip_open zend_version \
        apache_child_terminate apache_setenv apache_get_modules assert_options bzopen \
        bzdecompress bzcompress convert_uuencode convert_uudecode ctype_alpha debug_backtrace \
        define_syslog_variables exif_read_data exif_imagetype ftp_connect ftp_exec ftp_get \
        ftp_put forward_static_call getallheaders getcwd getenv getmygid \
        getmyinode getmypid getmyuid getlastmod getimagesize hex2bin bin2hex hash_file \
        hash_hmac_file id3_get_tag is_dir is_file lchgrp lchown md5_file natcasesort oci_connect \
        opendir readdir realpath rewinddir sha1_file strtolower strtoupper strpos stripos \
        strncmp substr_count sem_acquire shm_attach shmop_open syslog trigger_error user_error \
        vfprintf vprintf vsprintf sprintf array_diff array_merge array_keys array_values \
        array_slice array_splice array_rand is_numeric is_array is_string is_object \
        method_exists property_exists class_exists enum_exists eval_string
        """
    /// PHP's functions that are words or other languages' functions: as a whole call only.
    static let phpCommon: StaticString = """
        eval exec system assert chr substr printf strlen strcmp dl include require include_once \
        require_once extract compact constant define copy rename unlink rmdir mkdir chmod chown \
        chgrp symlink link readlink stat lstat glob touch explode implode print_r ord dechex \
        hexdec bindec octdec pack unpack mail header file fputs fclose feof fgets fgetc filesize \
        filetype die exit sleep usleep array_pop array_push array_shift serialize ucfirst \
        ucwords nl2br crypt md5 sha1 crc32 rand mt_rand settype gettype is_a checkdate mktime \
        idate tanh log1p hypot rsort ksort krsort asort arsort strstr stristr strrchr ltrim \
        rtrim wordwrap money_format similar_text levenshtein intval floatval strval doubleval \
        boolval settype ucwords var_dump vprintf unset func_num_args ezmlm_hash \
        ignore_user_abort inet_pton addslashes basename bzopen chdir chroot closedir closelog \
        dirname each ereg eregi error_get_last exif fflush flock fnmatch fscanf fsync ftok ftell \
        fseek getdate getrusage gmdate hash header_remove iptcembed is_null join key lcfirst \
        localeconv list metaphone mt_srand natsort nl_langinfo openlog parse_url phpcredits prev \
        print quotemeta range readline reset shuffle soundex srand sscanf strcasecmp strncasecmp \
        strcoll strcspn strnatcmp strpbrk strspn strtok strtr uniqid umask utf8_encode virtual \
        zend_logo_guid gethostbyname
        """
    static let phpDirectives: StaticString = """
        allow_url_fopen allow_url_include arg_separator.input arg_separator.output assert.active \
        assert.bail assert.callback auto_append_file auto_detect_line_endings auto_prepend_file \
        browscap cgi.force_redirect cgi.redirect_status_env child_terminate curl.cainfo \
        date.timezone default_charset default_mimetype disable_classes disable_functions \
        display_errors display_startup_errors doc_root docref_root enable_dl \
        enable_post_data_reading engine error_append_string error_log error_prepend_string \
        error_reporting expose_php extension_dir fastcgi.impersonate file_uploads highlight.bg \
        html_errors iconv.input_encoding ignore_user_abort include_path input_encoding \
        last_modified log_errors mail.add_x_header mail.force_extra_parameters mail.log \
        magic_quotes_gpc max_execution_time max_file_uploads max_input_nesting_level \
        max_input_time max_input_vars mbstring.func_overload memory_limit open_basedir \
        output_buffering output_handler pcre.backtrack_limit phar.readonly post_max_size \
        register_argc_argv register_globals safe_mode sendmail_from sendmail_path \
        session.auto_start session.save_path session.upload_progress short_open_tag \
        sql.safe_mode suhosin.simulation unserialize_callback_func upload_max_filesize \
        upload_tmp_dir user_dir user_ini.filename variables_order xbithack xmlrpc_error_number \
        zend.assertions zend.multibyte zend_extension zlib.output_compression
        """
    static let phpVariables: StaticString = """
        _get _post _request _server _cookie _cookies _files _env _session globals http_get_vars \
        http_post_vars http_post_files http_raw_post_data http_cookie_vars http_server_vars \
        http_env_vars http_session_vars http_request_vars php_errormsg
        """
    static let phpTable = WordTable([
        (1, Self.phpStrong), (2, Self.phpCommon), (3, Self.phpDirectives),
    ])
    static let phpModuleTable = WordTable([
        (
            1,
            """
            session mbstring opcache zlib mysqli mysql mysqlnd pgsql odbc pcre phar xdebug soap \
            sqlite3 tidy iconv exif gd ibase ldap mcrypt oci8 suhosin uopz xsl zend cgi fastcgi \
            dba com assert bcmath birdstep sysvshm highlight url_rewriter user_ini
            """
        )
    ])
    static let phpVariableTable = WordTable([(1, Self.phpVariables)])

    /// First parts of names of classes that Java attacks load.
    static let javaPackages: StaticString = """
        java.lang. java.io. java.net. java.util. java.nio. java.beans. java.rmi. java.sql. \
        java.security. java.text. java.awt. javax.script. javax.naming. javax.el. \
        javax.management. javax.servlet. javax.swing. javax.imageio. javax.xml. javax.print. \
        java.processbuilder java.runtime com.opensymphony. com.sun. sun.misc. sun.reflect. \
        org.apache.commons org.apache.struts org.apache.xalan org.apache.catalina \
        org.apache.xbean org.apache.log4j org.apache.logging org.apache.tomcat \
        org.apache.velocity org.apache.bcel org.springframework. org.omg.corba \
        org.codehaus.groovy org.mozilla.javascript org.hibernate. org.jboss. org.python. \
        com.mchange. com.caucho. com.rometools. com.fasterxml.jackson. com.thoughtworks. \
        freemarker.template. groovy.lang. bsh.interpreter clojure.core ognl.ognl
        """
    static let javaGadgets: StaticString = """
        clonetransformer forclosure instantiatefactory instantiatetransformer invokertransformer \
        prototypeclonefactory prototypeserializationfactory whileclosure chainedtransformer \
        constanttransformer templatesimpl annotationinvocationhandler badattributevalueexp \
        jdbcrowsetimpl xmldecoder methodclosure convertedclosure class.module.classloader \
        class.classloader processbuilder runtime.getruntime .getruntime( getclass().forname \
        class.forname scriptenginemanager
        """
    static let javaAutomaton = KeywordAutomaton([
        (.java, WordTable.split(Self.javaPackages)), (.code, WordTable.split(Self.javaGadgets)),
    ])
}
