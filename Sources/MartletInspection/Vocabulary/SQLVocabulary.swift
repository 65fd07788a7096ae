/// What a word is in SQL, in the dialects that are attacked.
enum SQLWord: UInt8, Sendable {
    case none
    /// OR, AND, XOR.
    case logic
    case not
    /// LIKE, IN and other operators that are words.
    case comparison
    case union
    case select
    case from
    case `where`
    case having
    case group
    case order
    case by
    case limit
    case into
    case values
    case set
    case table
    /// What else can be created, altered or dropped.
    case object
    case insert
    case update
    case delete
    case drop
    case create
    case alter
    case truncate
    case execute
    case declare
    case waitfor
    case `case`
    case when
    case then
    case `as`
    /// ALL, DISTINCT.
    case quantifier
    case null
    case exists
    case shutdown
    case outfile
    case procedure
    case immediate
    /// Functions that only a database has.
    case function
    /// Functions whose names are also words or other languages' functions.
    case commonFunction
    /// Functions with everyday names: only where an expression is certain.
    case plainFunction
    /// MATCH … AGAINST.
    case against
    /// IF, which MySQL has as a function.
    case condition
    /// Functions that wait.
    case delay
    /// Names of a database's own tables.
    case catalogue
    case type
    /// What else begins a statement.
    case verb
    /// ADD, MODIFY, CHANGE, CASCADE and so on.
    case detail
}

enum SQLVocabulary {
    static let functions: StaticString = """
        updatexml extractvalue xmltype group_concat name_const make_set concat_ws load_file \
         unistr json_build_object json_extract json_search json_array jsonb_path_query \
        json_object json_keys starts_with sysdate current_user session_user system_user \
        current_database current_schema database schema_name row_count last_insert_id \
        found_rows connection_id lo_import lo_export lo_get lo_create pg_read_file pg_ls_dir \
        pg_read_binary_file query_to_xml database_to_xml table_to_xml cursor_to_xml \
        utl_inaddr utl_http utl_file utl_smtp dbms_xmlgen dbms_java dbms_ldap dbms_sql \
        dbms_scheduler ctxsys openrowset opendatasource openquery fn_virtualfilestats \
        xp_cmdshell xp_dirtree xp_regread xp_regwrite xp_fileexist xp_servicecontrol \
        xp_availablemedia xp_enumdsn xp_filelist xp_loginconfig xp_makecab xp_ntsec xp_terminate \
        xp_execresultset xp_enumerrorlogs xp_subdirs sp_oacreate sp_oamethod sp_executesql \
        sp_makewebtask sp_configure sp_addextendedproc sp_password sp_helpdb sp_who \
        sp_addlogin sp_addsrvrolemember from_base64 to_base64 uncompress aes_decrypt aes_encrypt \
        des_decrypt des_encrypt from_days from_unixtime unix_timestamp utc_timestamp utc_date \
        utc_time char_length character_length octet_length bit_length bit_count substring_index \
        find_in_set export_set inet_aton inet_ntoa inet6_aton inet6_ntoa is_free_lock \
        is_used_lock get_lock release_lock release_all_locks master_pos_wait period_add \
        period_diff time_format time_to_sec to_days to_seconds str_to_date sec_to_time \
        date_add date_sub date_format day_name dayofmonth dayofweek dayofyear makedate \
        maketime microsecond addtime subtime timestampadd timestampdiff last_day convert_tz \
        curdate curtime json_type json_unquote json_arrayagg json_objectagg gtid_subset \
        gtid_subtract st_latfromgeohash st_longfromgeohash st_pointfromgeohash \
        geometrycollection multipoint multipolygon multilinestring linestring polygonfromtext \
        nullif ifnull isnull iif nvl2 nvl unhex \
        uuid_short std_dev stddev stddev_pop stddev_samp var_pop var_samp bit_and \
        bit_or bit_xor crc32 sha2 rawtohex hextoraw rawtonhex to_number \
        sqlite_version sqlite_compileoption_used randomblob zeroblob load_extension \
        total_changes quote_ident quote_literal \
        string_agg string_to_array array_agg array_to_string regexp_replace regexp_substr \
        regexp_instr regexp_like regexp_matches regexp_split_to_array row_to_json to_json \
        to_jsonb jsonb_pretty xmlagg xmlelement xmlforest ntile dense_rank nth_value \
        cume_dist percent_rank loadfile strcmp ltrim rtrim lpad rpad lcase ucase \
        bin_to_num current_date current_setting current_time current_timestamp ends_with \
        getpgusername generate_series is_ipv4 is_ipv6 is_superuser last_inser_id lo_from_bytea \
        lo_put old_password procedure_analyse sqlite_source_id uncompressed_length \
        unixtimestamp use_json_null weight_string jsonpath quote_nullable \
        coalesce instr atan2 regexp_substring dblink_send_query dblink_connect dblink \
        to_timestamp_tz \
        tz_offset bfilename sys_eval sys_exec
        """
    static let commonFunctions: StaticString = """
        concat trim substr substring mid ord ascii hex elt insert rand reverse repeat replace \
        locate sin cos tan atan sqrt ceiling log2 log10 ln bin conv cast convert \
        quote compress encode encrypt decode decrypt \
        field interval unicode nchar div quarter weekday \
        adddate asciistr collation coercibility datediff dcount dump extract localtimestamp \
        md5 sha sha1 pow power exp space subdate timediff timestamp ucase uuid \
        weekofyear yearweek monthname greatest least soundex acos asin radians degrees variance
        """
    static let delays: StaticString =
        "sleep pg_sleep pg_sleep_for pg_sleep_until benchmark dbms_lock dbms_pipe"
    static let catalogues: StaticString = """
        information_schema performance_schema pg_catalog pg_toast pg_shadow pg_user pg_tables \
        pg_class pg_database sqlite_master sqlite_temp_master sqlite_schema sysobjects \
        syscolumns sysusers sysdatabases msysaccessobjects msysaces msysobjects msysqueries \
        msysrelationships msysaccessstorage msysaccessxml msysmodules msysmodules2 all_tables \
        all_tab_columns user_tables user_tab_columns user_users dba_users user_objects \
        user_constraints user_ind_columns user_password user_group all_objects all_users \
        syscat sysibm sysmaster attnotnull attrelid atttypid typname \
         textpos mb_users rdb$database
        """
    /// Names of databases that come with a server: only as a whole value.
    static let databases: StaticString = """
        northwind tempdb msdb information_schema performance_schema pg_catalog pg_toast \
        sqlite_master sqlite_temp_master sqlite_schema schema_name schema_names table_schema \
        database_name sysobjects syscolumns sysdatabases msysaccessobjects msysaces \
        msysobjects msysqueries msysrelationships msysaccessstorage msysaccessxml msysmodules \
        msysmodules2 information_schema.tables mysql.user mysql.db master..sysdatabases \
        sys.database_name sys.tables xp_cmdshell sysaux 2.2250738585072007e-308 \
        2.2250738585072011e-308 -0000023456 0000023456 0000012345
        """
    static let types: StaticString = """
        int int2 int4 int8 integer bigint smallint text varchar char json jsonb bool boolean \
        numeric float float4 float8 real double decimal money serial bigserial bit varbit nchar \
        nvarchar sysname binary varbinary blob clob inet cidr macaddr timestamptz timetz interval \
        tsvector tsquery regclass regtype regproc regprocedure name date timestamp bytea uuid xml \
        oid point polygon signed unsigned hstore citext cursor
        """

    static let table = WordTable([
        (SQLWord.logic.rawValue, "or and xor"),
        (SQLWord.not.rawValue, "not"),
        (
            SQLWord.comparison.rawValue,
            "like rlike regexp between in is glob ilike similar sounds collate"
        ),
        (SQLWord.union.rawValue, "union intersect except minus"),
        (SQLWord.select.rawValue, "select"), (SQLWord.from.rawValue, "from"),
        (SQLWord.where.rawValue, "where"), (SQLWord.having.rawValue, "having"),
        (SQLWord.group.rawValue, "group"), (SQLWord.order.rawValue, "order"),
        (SQLWord.by.rawValue, "by"), (SQLWord.limit.rawValue, "limit offset"),
        (SQLWord.into.rawValue, "into"), (SQLWord.values.rawValue, "values value"),
        (SQLWord.set.rawValue, "set"), (SQLWord.table.rawValue, "table"),
        (
            SQLWord.object.rawValue,
            "database schema user view index function trigger procedure role sequence login"
        ),
        (SQLWord.update.rawValue, "update"), (SQLWord.delete.rawValue, "delete"),
        (SQLWord.drop.rawValue, "drop"), (SQLWord.create.rawValue, "create"),
        (SQLWord.alter.rawValue, "alter"), (SQLWord.truncate.rawValue, "truncate"),
        (SQLWord.execute.rawValue, "exec execute"), (SQLWord.declare.rawValue, "declare"),
        (SQLWord.waitfor.rawValue, "waitfor"), (SQLWord.case.rawValue, "case"),
        (SQLWord.when.rawValue, "when"), (SQLWord.then.rawValue, "then"),
        (SQLWord.as.rawValue, "as"),
        (SQLWord.quantifier.rawValue, "all distinct distinctrow"),
        (SQLWord.null.rawValue, "null true false"), (SQLWord.condition.rawValue, "if"),
        (SQLWord.against.rawValue, "against"),
        (SQLWord.exists.rawValue, "exists"),
        (SQLWord.shutdown.rawValue, "shutdown"),
        (SQLWord.outfile.rawValue, "outfile dumpfile"),
        (SQLWord.immediate.rawValue, "immediate"),
        (SQLWord.procedure.rawValue, "analyse analyze"),
        (SQLWord.delay.rawValue, Self.delays), (SQLWord.catalogue.rawValue, Self.catalogues),
        (SQLWord.function.rawValue, Self.functions),
        (SQLWord.insert.rawValue, "insert"),
        (SQLWord.commonFunction.rawValue, Self.commonFunctions),
        (
            SQLWord.plainFunction.rawValue,
            """
            count sum avg min max char chr ascii length len version user database now left \
            right upper lower round floor ceil date year month day format md5 sha1 typeof
            """
        ),
        (SQLWord.type.rawValue, Self.types),
        (SQLWord.verb.rawValue, "desc describe load rename grant revoke call merge backup restore"),
        (SQLWord.detail.rawValue, "add modify change cascade constraint column returns"),
    ])
}
