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
login-username = Пайдаланушы аты
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
