# Қазақша.

## Around every page
document-title = { $task } – { $service }
document-title-error = Қате: { $task } – { $service }
skip-to-content = Негізгі мазмұнға өту
languages = Тіл
help = Көмек
privacy = Құпиялық
cancel = Бас тарту
cancel-client = Бас тартып, «{ $client }» қызметіне қайту
continue = Жалғастыру
back-to = «{ $name }» қызметіне қайту
signed-in-as = Сіз { $person } ретінде кірдіңіз.
client-privacy = Деректеріңіз қалай пайдаланылады
client-terms = Пайдалану шарттары

## Errors in forms
error-summary = Түзететін нәрсе бар
form-stale = Бұл бет тым ұзақ ашық тұрды. Ештеңе жоғалған жоқ: қайта жіберіңіз.
server-busy = Қазір тым көп адам кіріп жатыр. Сәл күтіп, қайта көріңіз.

## Sign-in
login-title = Кіру
login-title-client = «{ $client }» қызметіне кіру
login-username = Пайдаланушы аты, пошта, телефон немесе ЖСН
login-password = Құпиясөз
password-show = Көрсету
password-hide = Жасыру
login-submit = Кіру
login-phone = Телефонға келетін кодпен кіру
login-certificate = Сертификатпен кіру
login-register = Тіркелгі жасау
login-bad-credentials = Пайдаланушы аты немесе құпиясөз дұрыс емес. Екеуін де тексеріп, қайта көріңіз.
login-throttled = Тым көп рет қате енгізілді. { $wait } күтіп, қайта көріңіз.
login-username-missing = Пайдаланушы атын енгізіңіз.
login-password-missing = Құпиясөзіңізді енгізіңіз.
duration-seconds = { $count } секунд
duration-minutes = { $count } минут

## Телефон арқылы кіру, кодтар және екінші фактор
login-passkey = Кіру кілтімен кіру
login-forgotten = Құпиясөзімді ұмыттым
login-password-way = Құпиясөзбен кіру
phone-label = Телефон нөмірі
phone-hint = Ел кодымен, мысалы +7 701 123 45 67. Біз код жібереміз.
phone-submit = Код алу
phone-missing = Телефон нөміріңізді енгізіңіз.
phone-wrong = Нөмірді ел кодымен енгізіңіз, мысалы +7 701 123 45 67.
phone-other = Басқа нөмірді көрсету
phone-disabled = Бұл телефонның тіркелгісі өшірілген. Қолдау қызметіне хабарласыңыз.
phone-needs-password = Бұл телефонның тіркелгісі құпиясөзді де сұрайды. Құпиясөзбен кіріңіз.
code-title-phone = Телефоныңызды тексеріңіз
code-title-mail = Поштаңызды тексеріңіз
code-title-application = Код қолданбасын ашыңыз
code-label = Код
code-sent = Біз { $to } мекенжайына алты таңбалы код жібердік.
code-lives = Ол тағы { $wait } жарамды.
code-tries =
    { $count ->
       *[other] Сізде { $count } әрекет бар.
    }
code-application = Қолданба осы тіркелгі үшін көрсететін алты цифрды енгізіңіз.
code-submit = Жалғастыру
code-missing = Кодты енгізіңіз.
code-wrong =
    { $count ->
       *[other] Код дұрыс емес. Тағы { $count } әрекет қалды.
    }
code-exhausted = Қате әрекеттер тым көп болды, бұл код енді жарамайды. Жаңасын сұраңыз.
code-expired = Бұл кодтың мерзімі өтті. Жаңасын сұраңыз.
code-too-early = Код жаңа ғана жіберілді. Келесісін { $wait } кейін сұрай аласыз.
code-too-many = Тым көп код сұралды. { $wait } кейін қайталап көріңіз.
resend = Жаңа код жіберу
resend-wait = Жаңа кодты { $wait } кейін сұрай аласыз.
totp-wrong = Код дұрыс емес немесе қолданылған. Келесісін күтіп, соны енгізіңіз.
recovery-title = Қосалқы кодты енгізіңіз
recovery-label = Қосалқы код
recovery-hint = Тіркелгіні баптағанда жазып алған кодтардың бірі. Әрқайсысы бір рет жарайды.
recovery-wrong = Бұл қосалқы код дұрыс емес немесе қолданылған. Басқасын енгізіңіз.
way-passkey = Кіру кілтін пайдалану
way-totp = Код қолданбасын пайдалану
way-sms = Телефоныма код жіберу
way-mail = Поштама код жіберу
way-recovery = Қосалқы кодты пайдалану
passkey-title = Кіру кілтімен кіру
passkey-what = Телефон, компьютер немесе қауіпсіздік кілті саусақ, бет немесе экран құлпын сұрайды.
passkey-unable = Ол үшін кіру кілттері мен JavaScript бар браузер керек. Ештеңе болмаса, басқа жолды таңдаңыз.
passkey-failed = Кіру кілті қолданылмады. Қайталап көріңіз немесе басқа жолды таңдаңыз.
passkey-submit = Менің кіру кілтімді пайдалану
passkey-refused = Бұл кіру кілті мұнда тіркелгі ашпайды. Басқасын алыңыз немесе басқаша кіріңіз.
message-code-subject = Сіздің кодыңыз: { $service }
message-code-sign-in = { $code } – { $service } жүйесіне кіру кодыңыз. { $count } минут жарамды. Ешкімге айтпаңыз.
message-code-second-factor = { $code } – { $service } жүйесіндегі кодыңыз. { $count } минут жарамды. Егер кіріп жатқан сіз болмасаңыз, біреу құпиясөзіңізді біледі: оны өзгертіңіз.
notice-subject = Тіркелгіңіз туралы хабар: { $service }
notice-recovery-code-used = { $name }, { $service } жүйесіндегі тіркелгіңізге қосалқы кодпен кірді. Бұл сіз болмасаңыз, құпиясөзді бірден өзгертіңіз.

## Жетіспейтін мәліметтер мен деңгейлер
optional = (міндетті емес)
field-locked = Бұл мәнді қызмет берді. Мұнда өзгертуге болмайды.
attribute-missing = Осы өрісті толтырыңыз.
attributes-title = Тағы бірнеше мәлімет
attributes-title-client = «{ $client }» үшін тағы бірнеше мәлімет керек
attributes-why = Бұл мәліметтер тіркелгіңізде жоқ.
attributes-why-client = Бұларсыз «{ $client }» сізге қызмет көрсете алмайды. Жіберер алдында берілетіннің бәрін көресіз.
level-title = Алдымен тіркелгі тексерілуі керек
level-title-client = «{ $client }» үшін тексерілген тіркелгі керек
level-held = Тіркелгіңіз қазір
level-wanted = Керегі
level-how-now = Қазір жасаңыз
level-confirm-what = Біз { $to } нөміріне код жібереміз. Сонымен телефоныңыз бен жеке нөміріңіз расталған болады.
level-how = Оны қалай алуға болады
level-how-1 = Тіркелгі бетінде телефонды кодпен растап, жеке нөміріңізді беріңіз. Содан кейін қызметте қайта бастаңыз.
level-how-2 = Тіркелгі бетінен құжатыңыздың суретін жіберіңіз. Тіркеуші қарайды, сізге хабар келеді.
level-how-3 = Құжатпен қызмет көрсету орталығына барыңыз: тіркеуші оны өзі тексереді. Сенімді орталықтың сертификаты да жарайды.
level-account = Тіркелгіге өту
level-back = Онсыз қайту
level-back-client = Онсыз «{ $client }» қызметіне қайту
message-code-contact = { $code } – { $service } жүйесінде осы телефонды немесе мекенжайды растау коды. { $count } минут жарамды.

## Consent
consent-title = Деректеріңізді беру
consent-title-client = Деректеріңізді «{ $client }» қызметіне беру
consent-caption = Рұқсат берсеңіз, не беріледі
consent-detail = Дерек
consent-value = Мәні
consent-level = Қалай тексерілген
consent-optional = (міндетті емес)
consent-nothing = Сізді білдіретін нөмір ғана беріледі. Басқа дерек сұралмайды.
consent-also = Бұған қоса сұрайды
consent-remember = Есте сақтап, келесі жолы сұрамау
consent-remember-hint = Бұл осы бетте көрсетілгенге ғана қатысты.
consent-allow = Рұқсат беру
consent-deny = Рұқсат бермеу
level-0 = Өзіңіз енгіздіңіз, тексерілмеген
level-1 = Расталған
level-2 = Тізіліммен салыстырылған
level-3 = Жүзбе-жүз немесе сертификатпен тексерілген
level-dated = { $level }, { $date }
date = { $year } жылғы { $day } { $month }
month-1 = қаңтар
month-2 = ақпан
month-3 = наурыз
month-4 = сәуір
month-5 = мамыр
month-6 = маусым
month-7 = шілде
month-8 = тамыз
month-9 = қыркүйек
month-10 = қазан
month-11 = қараша
month-12 = желтоқсан

## Тіркеушілер мен мекеме әкімшілері
portal-search = Іздеу
portal-search-clear = Бәрін қайта көрсету
portal-pages = Тізім беттері
portal-previous = Алдыңғы бет
portal-next = Келесі бет
portal-choose = Таңдаңыз
portal-missing = Бұл өрісті толтырыңыз.
portal-disabled = Бұғатталған
portal-reason = Себебі
portal-reason-hint = Ол журналда сақталады. Мұнда жеке нөмірлерді жазбаңыз.
portal-reason-missing = Себебін жазыңыз.
portal-reason-long = Себебін бір жолға, 500 таңбадан асырмай жазыңыз.
people-found = Табылған адамдар
people-waiting = Құжаттары қарауды күтіп тұрған адамдар
people-officials = Қызметкерлер
people-name = Аты-жөні
people-waiting-since = { $date } бастап күтуде
people-none-found = Ешкім табылмады. Жазылуын тексеріңіз немесе басқа дерек бойынша іздеңіз.
people-none-waiting = Күтіп тұрған құжат жоқ. Адамды табу үшін жоғарыдан іздеңіз.
people-no-officials = Әзірге қызметкер жоқ. Біріншісін қосыңыз.
registrar-title = Адамдардың деректерін тексеру
registrar-search = Пайдаланушы аты, жеке нөмір, пошта, телефон немесе есімнің басы
registrar-own = Бұл сіздің өз тіркелгіңіз. Деректеріңізді басқа тіркеуші тексеруі керек.
registrar-documents = Жіберілген құжаттар
registrar-photo = Фотосурет, { $date }
registrar-document = Құжат, { $date }
registrar-unseen = Әлі қаралмаған
registrar-no-documents = Бұл адам құжат жібермеген.
registrar-mark-seen = Құжаттар қаралды деп белгілеу
registrar-held = Тіркелгідегі деректер
registrar-holds-nothing = Тіркелгіде әзірге дерек жоқ. Алдымен иесі деректерін енгізуі керек.
registrar-caption = Тексергеніңізді белгілеп, қателерін түзетіңіз
registrar-now = Қазір
registrar-then = Кейін
registrar-then-of = { $label }: кейінгі мәні
registrar-level = Белгіленгендердің кейінгі деңгейі
registrar-evidence = Не көрдіңіз
registrar-submit = Деңгейлерді өзгерту
registrar-history = Тарихы
registrar-history-level = деңгейі { $level }, дереккөз: { $source }
registrar-back = Іздеуге оралу
registrar-done = Деңгейлер өзгертілді, иесіне хабарланды.
registrar-seen-done = Құжаттар қаралды деп белгіленді.
registrar-level-0 = Тексерілмеген
registrar-level-1 = Кодпен расталған
registrar-level-2 = Құжат немесе тізілім бойынша тексерілген
registrar-level-3 = Жүзбе-жүз немесе сертификатпен тексерілген
registrar-none-chosen = Тексергеніңіздің кемінде біреуін белгілеңіз.
registrar-level-missing = Деңгейді таңдаңыз.
registrar-evidence-missing = Не көргеніңізді таңдаңыз.
registrar-evidence-weak = 3-деңгей өзі келген немесе сертификатпен дәлелдеген адамдарға арналған. 2-деңгейді не басқа дәлелді таңдаңыз.
registrar-taken = Бұл нөмір басқа тіркелгіде тексерілген болып тұр. Жалғастырмас бұрын сол тіркелгіні табыңыз.
registrar-changed = Мұны осы аралықта біреу өзгертті. Ештеңе жазылған жоқ: қазіргі мәнін қарап, қайта жіберіңіз.
evidence-documents-sent = Жіберілген құжаттардың көшірмелері
evidence-face-to-face = Адамның өзі және құжаттың түпнұсқасы
evidence-certificate = Сенімді орталықтың сертификаты
evidence-registry-extract = Тізілімнен үзінді
source-self = адамның өзі
source-operator = оператор
source-registrar = тіркеуші
source-agency = жұмыс беретін мекеме
agency-title = { $agency }: қызметкерлер
agency-search = Пайдаланушы аты, жеке нөмір, пошта немесе есімнің басы
agency-add = Қызметкер қосу
agency-add-what = Деректерді { $agency } тіркеуіндегідей жазыңыз. Қызметкер құпиясөз таңдайтын сілтемені поштамен алады.
agency-add-submit = Тіркелгі жасап, сілтеме жіберу
agency-username-hint = Бос болса, пошта мекенжайы пайдаланушы аты болады.
agency-username-taken = Бұл пайдаланушы аты бос емес. Басқасын таңдаңыз.
agency-username-wrong = Бір жолға 128 таңбадан асырмай жазыңыз.
agency-taken = Бұл нөмірмен мұнда тіркелгі жасауға болмайды. Тіркеушіге хабарласыңыз.
agency-back = Қызметкерлерге оралу
agency-invited = Сілтеме жіберілді. Ол жеті күн ішінде бір рет жарамды.
agency-not-yet = Бұл қызметкер әлі құпиясөз таңдаған жоқ.
agency-invite = Сілтемені қайта жіберу
agency-not-invited = Бұл тіркелгіге сілтеме жіберуге болмайды.
agency-shut-out = Бұғаттау
agency-shut-out-what = Тіркелгі барлық жерде бірден жұмысын тоқтатады. Оны тек оператор қайта аша алады.
agency-type-name = Растау үшін { $username } пайдаланушы атын теріңіз
agency-name-differs = Бұл осы тіркелгінің пайдаланушы аты емес.
agency-own = Өзіңізді бұғаттай алмайсыз.
agency-shut-out-done = Тіркелгі бұғатталды, иесіне хабарланды.
notice-registrar = { $name }, { $service } қызметіндегі тіркелгіңіздің деректерін тіркеуші тексерді. Егер сіз сұрамаған болсаңыз, қолдау қызметіне хабарлаңыз.
notice-invitation = { $name }, { $agency } сізге { $service } қызметінде тіркелгі жасады. Құпиясөзіңізді жеті күн ішінде бір рет осында таңдаңыз: { $link }
notice-shut-out = { $name }, { $agency } сіздің { $service } қызметіндегі тіркелгіңізді бұғаттады. Бұл қате болса, мекемеңізге хабарласыңыз.

## Errors
error-developer-title = Бұл кіру сілтемесі жұмыс істемейді
error-developer-what = Сізді осында жіберген қызмет сұрауында қате жіберді. Бұл сіздің кінәңіз емес, тіркелгіңіз қауіпсіз.
error-developer-do = Сол қызметке қайтып, қайта көріңіз. Көмектеспесе, оның қолдау қызметіне төмендегі мәліметті айтыңыз.
error-expired-title = Кіру уақыты бітті
error-expired-what = Қауіпсіздігіңіз үшін кіру уақыты шектеулі, не бұл кіру аяқталып қойған.
error-expired-do = Өзіңіз келген қызметке қайтып, қайта бастаңыз.
error-other-browser-title = Бұл кіру басқа браузерде басталған
error-other-browser-what = Қауіпсіздігіңіз үшін кіруді басталған браузерде аяқтау керек.
error-other-browser-do = Сол браузерге қайтыңыз немесе керек қызметті осында ашып, қайта бастаңыз.
error-unavailable-title = Қазір кіру мүмкін емес
error-unavailable-what = Біз әзірге сізге қызмет көрсете алмаймыз. Деректеріңіз қауіпсіз.
error-unavailable-do = Бірнеше минут күтіп, қайта көріңіз.
error-not-found-title = Мұндай бет жоқ
error-not-found-what = Мекенжай қате жазылған не бет енді бұл жерде жоқ болуы мүмкін.
error-not-found-do = Мекенжайды тексеріңіз немесе керек қызметтен бастаңыз.
error-internal-title = Бізде бірдеңе дұрыс болмады
error-internal-what = Бұл сіздің емес, біздің қатеміз. Ол жазып алынды.
error-internal-do = Бірнеше минуттан кейін қайта көріңіз. Қайталанса, қолдау қызметіне төмендегі мәліметті айтыңыз.
error-forbidden-title = Бұған рұқсат жоқ
error-forbidden-what = Сізге немесе сізді осында жіберген қызметке бұлай істеуге рұқсат жоқ.
error-forbidden-do = Мұны қате деп ойласаңыз, қолдау қызметіне төмендегі мәліметті айтыңыз.
error-too-many-title = Сұраулар тым көп
error-too-many-what = Сіздің желіңізден қысқа уақытта өте көп сұрау келді.
error-too-many-do = Бірнеше минут күтіп, қайта көріңіз.
error-details = Қолдау қызметіне арналған мәлімет
error-code = Қате
error-description = Сипаттама
error-request-id = Сұрау нөмірі

## Басқа адам сұралған
mismatch-iin-title = Бұл қызмет басқа адамды сұрады
mismatch-iin-what = Қызмет күтіп отырған адамын жеке сәйкестендіру нөмірімен (ЖСН) атады. Тіркелгіңізде басқа нөмір тұр.
mismatch-iin-do = Егер сіз сол адам болсаңыз, артқа оралып, сол нөмірі бар тіркелгімен кіріңіз. Қызметке сіз туралы ештеңе берілген жоқ.
mismatch-organisation-title = Сіз бұл ұйымның атынан әрекет етпейсіз
mismatch-organisation-what = Қызмет нөмірі { $number } ұйымның өкілін сұрады. Сіз оның өкілдер тізімінде жоқсыз немесе өз нөміріңіз әлі расталмаған.
mismatch-organisation-do = Ұйымнан сізді өкілдеріне қосуды сұраңыз, содан кейін қайта бастаңыз. Қызметке сіз туралы ештеңе берілген жоқ.
mismatch-back = Қызметке оралу

## Signing out
logout-title = Шығасыз ба?
logout-client = «{ $client }» сізді жүйеден шығаруды сұрайды.
logout-what = Сіз осы жерден шығасыз. Қызметтерді қайта пайдалану үшін қайтадан кіру керек болады.
logout-confirm = Шығу
logout-stay = Шықпаймын десеңіз, бұл бетті жабыңыз.
logged-out-title = Сіз шықтыңыз
logged-out-what = Сіз жүйеден қауіпсіз шықтыңыз.
logged-out-shared = Бұл құрылғыны басқалар да пайдаланса, браузерді де жабыңыз.

## On the way back, and other pages
form-post-title = Қайтып барамыз
form-post-title-client = «{ $client }» қызметіне қайтып барамыз
form-post-what = Бірнеше секундта ештеңе болмаса, түймені басыңыз.
code-title = Сіздің кодыңыз
code-what = Бұл кодты сізден кіруді сұраған бағдарламаға көшіріңіз.
code-hint = Код бір рет қана және бірнеше минут жарамды. Оны ешкімге бермеңіз.
home-title = Мемлекеттік қызметтерге арналған бір тіркелгі
home-what = Мұнда бір тіркелгімен мемлекеттік қызметтерге кіресіз.
home-signed-out = Сіз кірмегенсіз. Кіру үшін керек қызметтен бастаңыз.
home-safety = Біз құпиясөзіңізді телефонмен, хабарламамен немесе поштамен ешқашан сұрамаймыз.

attribute-username = Пайдаланушы аты
attribute-user_id = Осындағы тіркелгі нөмірі
attribute-kind = Тіркелгі түрі
attribute-level = Тіркелгі деңгейі
attribute-locale = Тіл
attribute-address = Мекенжай
attribute-organization = Ұйым
kind-citizen = Азамат
kind-juristic-person = Заңды тұлға
kind-foreigner = Шетелдік
kind-government-agent = Мемлекеттік қызметкер
gender-female = Әйел
gender-male = Ер

## Қабылданбайтын құпиясөздер
password-too-short = Кемінде 8 таңбадан тұратын құпиясөз таңдаңыз.
password-too-long = 128 таңбадан аспайтын құпиясөз таңдаңыз.
password-common = Бұл құпиясөзді көп адам қолданады, сондықтан оны бірінші болып болжайды. Басқасын таңдаңыз.
password-personal = Бұл құпиясөз — сіздің атыңыз, нөміріңіз немесе мекенжайыңыз. Басқалар білмейтін құпиясөз таңдаңыз.
attribute-file = Сурет

## What is wrong with a typed value, said beside its field
attribute-error-text = Бір жолға 1-ден 500-ге дейін таңба жазыңыз.
attribute-error-date = Бар күнді жыл-ай-күн түрінде жазыңыз, мысалы 1990-05-15.
attribute-error-past = 1900 жылдан бүгінге дейінгі күнді жыл-ай-күн түрінде жазыңыз, мысалы 1990-05-15.
attribute-error-mail = Электрондық поштаны aty@example.org түрінде жазыңыз.
attribute-error-phone = Нөмірді ел кодымен жазыңыз, мысалы +7 701 123 45 67.
attribute-error-gender = Екеуінің бірін таңдаңыз.
attribute-error-pattern = Бұл жерде күтілетін түрге сәйкес келмейді. Құжатпен салыстырып, онда тұрғандай жазыңыз.
attribute-error-check-digit = Бұл нөмірде қате бар. Құжатпен әр цифрын салыстырыңыз.
attribute-error-file = JPEG, PNG немесе WebP форматындағы суретті таңдаңыз.
