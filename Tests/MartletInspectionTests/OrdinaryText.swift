/// Pieces of ordinary requests.
///
/// Many hold the words and signs that attacks are made of.
enum OrdinaryText {
    static let firstNames = [
        "James", "Mary", "Siobhán", "D'Arcy", "Jean-Luc", "María José", "Zoë", "Björn", "Søren",
        "Łukasz", "Nguyễn", "Ana", "O'Neil", "Олег", "Дарья", "山田", "김민수", "محمد", "Chloé", "Noël",
    ]
    static let lastNames = [
        "O'Brien", "D'Angelo", "Smith", "Müller", "García Márquez", "van der Berg",
        "O'Connor-Smith",
        "Null", "Select", "Union", "Drop", "N'Golo Kanté", "Иванов", "佐藤", "Cronk", "al-Rashid",
        "L'Hôpital", "Mc'Donald", "Script", "Alter", "Groß", "Ó Súilleabháin", "Exec", "Dell'Orto",
    ]
    /// English with words of SQL, shells and HTML in it.
    static let sentences = [
        "Please select one item from the list and update your profile where needed.",
        "The European Union selected a new president; members from all states voted.",
        "Credit union members can select a branch from the map or call us.",
        "I don't think it's the boys' fault; they were having fun in the garden.",
        "Drop by anytime, or delete the old entries from your calendar.",
        "Update: After the meeting we set the table, and everyone had dinner.",
        "Is 1 < 2 and 3 > 2? Yes, and 5 = 5 as well.",
        "Cats & dogs; birds | fish (and hamsters) are welcome, 50% off!",
        "Rock 'n' roll isn't dead -- it's just sleeping (8 hours a day).",
        "The script was written by O'Reilly and it's about a window of opportunity.",
        "Group by age, order by name, limit yourself to two per person.",
        "Insert the key into the lock, then turn it; having trouble? Call support.",
        "We executed the plan like a well-oiled machine, or so they said.",
        "Where did you create this table? It looks like oak and costs $1,200.",
        "Join us between 9 and 5, or not; either is fine. See you there!",
        "Alert: prompt payment is required (confirm by Friday).",
        "He said \"let's select someone else\" and left; nobody cared.",
        "Can you cast a vote? In case when you can't, tell us why.",
        "The union's select committee met at the workers' request.",
        "My favourite colours are: red, green; blue. #winning @home",
        "Meeting moved to 10:30 -- see the agenda (v2..v3) and notes...",
        "Price is $5 and/or 4€; tax = 19% => total ~ 6$.",
        "Either or; neither nor. And/or. If not, then what?",
        "The table's leg broke; update me when it's fixed, thanks.",
        "Kids' menu; adults' menu: ask for both and you'll get one free.",
        "Let's meet at John's; Mary's bringing the kids' toys.",
        "To be or not to be, that is the question: 'tis nobler to suffer?",
        "Version 2.0 (beta) is better than 1.9; see the change log.",
        "I'd like 2 tickets for 'Les Misérables' and 1 for \"Cats\", please.",
        "What's the difference between a stored procedure and a function?",
        "How to use union and select in one query, and where to put the comma",
        "The cat command prints a file, ls lists a folder; who knew?",
        "Don't forget to sort the list, find the key and kill the lights.",
        "Exec summary: sales up 12%, costs down 3% (like-for-like).",
        "She's the head of the group and he's the tail; that's the order.",
        "It was 5 o'clock; the trains' timetable had changed and we'd left.",
        "Delivery: leave it at the neighbour's; ring twice; don't knock.",
        "1' 6\" tall, 2' wide, weighs 3#",
        "Size: 8\"x11\"; colour: white; quantity: 5 & up",
        "I <3 this product!!! 10/10 would buy again :-) ;-)",
        "a -> b, b <- c, x => y, 1 <= 2, 3 != 4 and so on",
        "R&D, Q&A, AT&T, B&B, M&M's, P&L; S&P 500",
        "50% of people; 100% of the time: it works every time.",
        "Function (mathematics): f(x) = 2x + 1, where x > 0 and x < 10.",
        "The count (total) was 5, the max (24h) was 9 and min (1h) was 2.",
        "Javascript: The Good Parts is a book; so is Java: The Complete Reference.",
        "C++ and C# developers wanted; node, python, ruby or perl are a plus.",
        "On click, the page loads; on error, try again. Online only.",
        "Is this a test? What do you think? Why not?",
        "Path: home > docs > report.. then click [here] (or there).",
        "Order #4711 -- please rush; customer's waiting and isn't happy.",
        "See section 3.2.1; the file system's root is full, 99% used.",
        "Reset link expired; request another, then confirm (twice).",
        "It costs 10-20$ per unit; 5% off for 100+, 10% for 1000+.",
        "He exec'd the will; the trust's assets pass to the kids' fund.",
        "Wait for delay notices; the 8:15 to O'Hare is late.",
        "All told, people were taken with the concept, but it didn't work.",
        "Print it, sign it, scan it; mail it to us. Watch the video!",
        "Grep and sed are tools, awk is a language; curl up with a good book.",
        "Time flies; time will tell; time is money (or so they say).",
        "INSERT COIN; GAME OVER; PRESS START TO CONTINUE",
        "DROP TEST PASSED; UPDATE TO FOLLOW; CALL MIKE",
        "The server's CPU is at 90%; memory's fine; disk: ok.",
        "SELECT brand shoes from SALE section, limited time only!",
        "Foo; bar; baz: {a, b, c} [1, 2, 3] (x, y)",
        "$100 (USD) or £80 (GBP); {discount} applies [terms]",
        "Nobody's perfect, and that's OK; or is it?",
        "if you can't come, call; while you're at it, bring cake (or pie)",
    ]
    static let foreign = [
        "Bitte wählen Sie 1'000'000 aus der Liste; wir melden uns, sobald's geht.",
        "Ihre kleine Schwester isst gern; man gönnt sich ja sonst nichts!",
        "L'été dernier, j'ai vu l'exposition d'Orsay; c'était génial, n'est-ce pas ?",
        "Aujourd'hui, qu'est-ce qu'il y a à manger ? L'addition, s'il vous plaît.",
        "¿Dónde está la biblioteca? El niño comió 3/4 de la tarta; ¡qué rico!",
        "Der Preis beträgt 5,00 € (inkl. MwSt.); Rabatt: 10 % & mehr.",
        "Привет, как дела? Выберите товар из списка и оформите заказ.",
        "明日の会議は10時からです。資料を確認してください。",
        "请从列表中选择一个项目，然后点击“确认”。价格＝１００元；数量＞２",
        "안녕하세요 세계 이것은 한국어 텍스트입니다",
        "السلام عليكم هذا نص عربي؛ شكرا",
        "Dell'amore non si vive; l'uomo d'oggi non c'è più.",
        "Ça m'a coûté 12 €; d'accord, j'achète ! (promo « -20% »)",
        "Mi szép az, midőn tetteinknek mindegyike megnyeri az angyalok' javalását!",
        "’s morgens vroeg ga ik ’s avonds laat; zo'n dag!",
        "Ταξίδι στην Ελλάδα; 100% ναι!",
    ]
    static let markdown = [
        "# Title\n\n- first\n- second\n\nRun `npm install` and then `npm test`.",
        "Use **bold** and _italic_; see [the docs](https://example.com/docs?a=1&b=2#top).",
        "1. Select a plan\n2. Update billing\n3. Enjoy!\n\n> It's easy -- isn't it?",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "Fixes #123, see PR #45; thanks @alice & @bob!",
        "The `user_id` field isn't `null` when `status = active`.",
        "![logo](https://cdn.example.com/logo.png) *text* ~~old~~ `code`",
        "- [x] done\n- [ ] to do (by Friday)\n- [ ] ask Bob's team",
        "See `README.md` and `docs/setup.md`; don't edit `config`.",
        "Steps:\n\n1) open app\n2) click *Save*\n3) error: \"can't save; try again\"",
        "Line one.\nLine two; it's fine.\n\nRegards,\nJim O'Hara\nTel: +1 (555) 010-9999",
        "Date: 2026-03-01\nLocation: Room 5\nSubject: Q1 review\n\nAgenda: tbd",
    ]
    static let products = [
        "12\" LP (red)", "Men's T-Shirt, size L/XL", "USB-C Cable 2m/6.6ft", "AC/DC Adapter 5V=2A",
        "Women's shoes #42", "Table & chair set (oak)", "Drop-leaf table", "Select Comfort® bed",
        "Kids' union suit", "Script font pack v1.0", "3/4\" pipe", "Cat food 12x85g",
        "Node 5 shelf",
        "Head & Shoulders", "Cut-off saw; 230V~50Hz", "Where's Wally? (book)", "\"Alien\" [4K+BD]",
        "Salt | Pepper mill", "50% cotton / 50% linen", "Sony A7 IV <body only>",
        "C# in Depth, 4th ed.", "Function generator 1-10MHz", "Alter Ego™ mask", "100+ pieces",
    ]
    static let searches = [
        "select shoes from store", "how to drop a table in sql", "union jack flag",
        "o'reilly books",
        "men's shoes size 10 or 11", "1 or 2 bedroom flat", "rock and roll", "c++ vs java", "c#",
        "where to eat and drink", "50% off", "cats & dogs", "5 > 3", "a=b", "what is 1=1?",
        "\"exact phrase\" or other", "name like smith", "order by phone", "group by car",
        "delete from favourites", "update profile picture", "insert coin to play", "table top",
        "between 10 and 20 euros", "not in stock", "exec chair", "script writing", "alert system",
        "how was your day today?", "java util list", "python tutorial", "bash script tutorial",
        "cat and mouse", "ls swap kit", "who is who", "kill bill", "find my phone", "top 10 songs",
        "time zone converter", "ping pong table", "net income", "type 2 diabetes",
        "head over heels",
        "node js developer", "php jobs in berlin", "perl harbour", "ruby ring", "on sale",
        "site:example.com filetype:pdf", "+required -excluded", "(a or b) and c", "title:\"war\"",
        "price:[10 TO 20]", "status:open AND priority:high", "foo*", "wom?n", "~approx",
        "having fun", "case when phone falls", "like a rolling stone", "as is", "true or false",
        "null and void", "begin again", "end of the road", "set of 4 chairs", "values and beliefs",
        "créme brûlée", "смотреть фильм", "東京 レストラン", "what's up?", "it's 5 o'clock somewhere",
    ]
    static let slugs = [
        "how-to-select-a-union", "drop-shipping-101", "where-and-when", "get-started",
        "new-item-released", "c-vs-c++", "it's-here",
    ]
    static let fileNames = [
        "report..pdf", "invoice (1).pdf", "photo.jpg", "résumé.docx", "O'Brien_contract.pdf",
        "2026-01-05 minutes.txt", "final_v2.1_FINAL.xlsx", "archive.tar.gz", "data.csv", "图片.png",
        "IMG_20260105_101500.HEIC", "notes&todo.md", "50% off.png", "logo@2x.png", "a+b.pdf",
        "budget #3.ods", "slides;old.pptx", "my.file.name.with.dots.zip", "Screenshot 1:1.png",
    ]
    static let agents = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
            + "Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, "
            + "like Gecko) Version/18.1 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
            + "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like "
            + "Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; SM-A528B Build/SP1A.210812.016; wv) "
            + "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/110.0.5481.154 Mobile "
            + "Safari/537.36 [FB_IAB/FB4A;FBAV/403.0.0.27.81;]",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
            + "Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "okhttp/4.12.0", "axios/1.7.9", "curl/8.5.0", "python-requests/2.32.3",
        "Go-http-client/1.1",
        "PostmanRuntime/7.43.0",
        "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001)",
        "MyApp/5.2.1 (iOS 18.1; iPhone15,3; Scale/3.00)", "Apache-HttpClient/4.5.14 (Java/17.0.12)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "iPhone (Nextcloud iOS)",
        "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    ]
    static let graphQL = [
        "query { user(id: 42) { id name email orders(first: 10) { edges { node { id "
            + "total } } } } }",
        "mutation CreateUser($input: CreateUserInput!) { createUser(input: $input) { "
            + "user { id } errors { field message } } }",
        "query Search($q: String!, $limit: Int = 20) {\n  search(query: $q, first: "
            + "$limit) {\n    ... on Product { id name price }\n    ... on Article { id title "
            + "}\n  }\n}",
        "query GetUsers { users(where: {age: {_gt: 18}}, order_by: {name: asc}, limit: "
            + "10) { id name } }",
        "fragment UserFields on User { id name @include(if: $withName) }",
        "query { users_by_pk(id: 1) { id created_at } orders_aggregate { aggregate { count } } }",
        "mutation { delete_item(id: \"abc-123\") { affected_rows } update_cart(id: 5, "
            + "set: {qty: 2}) { id } }",
        "subscription OnMessage($room: ID!) { messageAdded(roomId: $room) { id text from "
            + "{ name } } }",
        "{ __schema { types { name kind } } }",
    ]
}
