# English. Every key here is in every other catalogue too, and no others are (a test holds this).
# Write to the person: short sentences, "you", no words of the trade.

## Around every page
document-title = { $task } – { $service }
document-title-error = Error: { $task } – { $service }
skip-to-content = Skip to the main content
languages = Language
help = Help
privacy = Privacy
cancel = Cancel
cancel-client = Cancel and go back to { $client }
continue = Continue
back-to = Go back to { $name }
signed-in-as = You are signed in as { $person }.
client-privacy = How your data is used
client-terms = Terms of use
client-home = About this service
client-unvouched = This service registered itself. Nobody here has checked who runs it.

## Errors in forms
error-summary = There is a problem
form-stale = This page was open too long. Nothing was lost: send it again.
server-busy = Too many people are signing in just now. Wait a moment and try again.

## Sign-in
login-title = Sign in
login-title-client = Sign in to { $client }
login-username = User name, e-mail, phone or identity number
login-password = Password
password-show = Show
password-hide = Hide
login-submit = Sign in
login-phone = Sign in with a code sent to your phone
login-certificate = Sign in with a certificate
login-register = Create an account
login-bad-credentials = The user name or the password is not right. Check both and try again.
login-throttled = There were too many wrong tries. Wait { $wait }, then try again.
login-username-missing = Enter your user name.
login-password-missing = Enter your password.
duration-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
duration-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }

## Signing in by phone, codes and second factors
login-passkey = Sign in with a passkey
login-forgotten = I forgot my password
login-password-way = Sign in with a password
phone-label = Phone number
phone-hint = With the country's code, such as +66 81 234 5678. We will send you a code.
phone-submit = Send the code
phone-missing = Enter your phone number.
phone-wrong = Enter the number with its country's code, such as +66 81 234 5678.
phone-other = Use another phone number
phone-disabled = The account with this phone has been disabled. Ask support for help.
phone-needs-password = The account with this phone asks for its password as well. Sign in with the password.
code-title-phone = Check your phone
code-title-mail = Check your mail
code-title-application = Open your authenticator app
code-label = Code
code-sent = We sent a code of six digits to { $to }.
code-lives = It works for { $wait } more.
code-tries =
    { $count ->
        [one] You have { $count } try.
       *[other] You have { $count } tries.
    }
code-application = Enter the six digits that your app shows for this account.
code-submit = Continue
code-missing = Enter the code.
code-wrong =
    { $count ->
        [one] The code is not right. You have { $count } try left.
       *[other] The code is not right. You have { $count } tries left.
    }
code-exhausted = There were too many wrong tries, so this code no longer works. Ask for a new one.
code-expired = This code is too old. Ask for a new one.
code-too-early = A code was sent a moment ago. You can ask for another in { $wait }.
code-too-many = Too many codes were asked for. Try again in { $wait }.
resend = Send a new code
resend-wait = You can ask for a new code in { $wait }.
totp-wrong = The code is not right, or was used already. Wait for the next one and enter that.
recovery-title = Enter a recovery code
recovery-label = Recovery code
recovery-hint = One of the codes you wrote down when you set up your account. Each works once.
recovery-wrong = This recovery code is not right, or was used already. Enter another.
way-passkey = Use a passkey
way-totp = Use your authenticator app
way-sms = Send a code to my phone
way-mail = Send a code to my mail
way-recovery = Use a recovery code
passkey-title = Sign in with a passkey
passkey-what = Your phone, computer or security key will ask for your finger, face or screen lock.
passkey-unable = This needs a browser with passkeys and JavaScript. If nothing happens, use another way.
passkey-failed = The passkey was not used. Try again, or use another way.
passkey-submit = Use my passkey
passkey-refused = This passkey does not open an account here. Use another one, or sign in another way.
message-code-subject = Your code for { $service }
message-code-sign-in = { $code } is your code to sign in to { $service }. It works for { $count } minutes. Do not tell it to anyone.
message-code-second-factor = { $code } is your code for { $service }. It works for { $count } minutes. If you are not signing in, somebody knows your password: change it.
notice-subject = News about your account at { $service }
notice-recovery-code-used = { $name }, a recovery code was used to sign in to your account at { $service }. If it was not you, change your password at once.

## Missing attributes and levels
optional = (optional)
field-locked = The service gave this value. It can't be changed here.
attribute-missing = Fill this in.
attributes-title = A few more details
attributes-title-client = { $client } needs a few more details
attributes-why = These details are missing from your account.
attributes-why-client = { $client } can't serve you without these. You will see everything that is shared before it is sent.
attributes-skip = Go on without the optional ones
level-title = Your account must be checked first
level-title-client = { $client } needs a checked account
level-held = Your account now
level-wanted = What is needed
level-how-now = Do this now
level-confirm-what = We send a code to { $to }. With it your phone and your identity number count as confirmed.
level-how = How to get it
level-how-1 = Confirm your phone by a code, and give your identity number, on the page of your account. Then start again at the service.
level-how-2 = Send a picture of your document from the page of your account. A registrar looks at it, and you get a message.
level-how-3 = Go to a service centre with your document. A registrar checks it in person. A certificate of a trusted authority does as well.
level-account = Go to your account
level-back = Go back without it
level-back-client = Go back to { $client } without it
message-code-contact = { $code } is your code to confirm this phone or address at { $service }. It works for { $count } minutes.

## Making an account, and a forgotten password
register-title = Create an account
register-kind = Who is the account for?
register-kind-citizen = For yourself, with your identity card.
register-kind-juristic-person = For a company or another organisation that you act for.
register-kind-foreigner = For yourself, with a foreign passport.
register-kind-government-agent = For your work in a public agency.
register-kind-missing = Choose who the account is for.
register-login = I have an account already
register-back = Back
register-details-title = Your details
register-details-lead = Write everything as it stands in the document.
register-last-name-hint = Leave it empty if you have only one name.
date-hint = Year, month and day, such as 1990-05-15
register-representative = Who acts for the organisation
register-representative-hint = One person who may act for it by law or by a letter of authority. You can add others later.
register-contact-title = How can we reach you?
register-contact-lead = Give a phone number or a mail address. We will send a code there. With both, the code goes to the phone.
register-contact-missing = Give a phone number or a mail address.
register-contact-other = Use another phone number or mail address
register-known-title = You have an account already
register-known-phone = There is an account with this phone number. If it is yours, sign in to it.
register-known-mail = There is an account with this mail address. If it is yours, sign in to it.
register-known-sign-in = Sign in to my account
register-known-go-on = It is not mine: make a new account
register-password-title = Choose a password
register-username = User name (optional)
register-username-hint = Letters, with at most four digits. Without one we make a name for you; you can always sign in with your phone or mail.
register-terms = I agree to the terms of use
register-terms-link = Read the terms (opens in a new window)
register-terms-missing = To make an account, agree to the terms.
register-submit = Make the account
username-length = Choose a user name of 3 to 64 characters, or leave it empty.
username-letters = A user name has letters, and may have digits, dots, dashes and underlines, without spaces.
username-digits = A user name has at most four digits, so that it is not taken for somebody's number.
username-taken = Somebody else has this user name. Choose another.
new-password-label = New password
new-password-hint = At least 8 characters. A few words in a row are easy to remember and hard to guess.
new-password-title = Choose a new password
new-password-title-invitation = Choose a password for your account
new-password-submit = Set the password
forgotten-title = Set a new password
forgotten-what = Tell us who you are. We will send a code to the phone or mail address of your account.
forgotten-code-title = Check your phone and mail
forgotten-sent = If there is an account with this name, a code of six digits is on its way to its phone or mail address.
password-set-title = Your password is set
password-set-what = Sign in with the new password. Wherever else you were signed in, you are not any more.
password-link-title = This link no longer works
password-link-what = It was used already, or it is too old. Each link works once.
password-link-do = Ask for a code instead
terms-title = Terms of use of your account
terms-true = What you tell us about yourself is true, and you keep it up to date.
terms-own = The account is yours alone, or that of the organisation you act for. You do not lend it to others.
terms-secret = You keep your password and codes to yourself. Tell us at once if somebody else knows them.
terms-use = We give your details to a service only after you allow it, or where the law demands it.
terms-close = You may close your account at any time.
message-code-registration = { $code } is your code to make an account at { $service }. It works for { $count } minutes. Do not tell it to anyone.
message-code-registration-phone-known = { $code } is your code for { $service }. Somebody is making an account with this phone, and there is one already. If it is you, sign in with your phone, or enter the code to choose. It works for { $count } minutes. If it is not you, do nothing.
message-code-registration-mail-known = { $code } is your code for { $service }. Somebody is making an account with this mail address, and there is one already. If it is you, sign in with your password, or enter the code to choose. It works for { $count } minutes. If it is not you, do nothing.
message-code-reset = { $code } is your code to set a new password at { $service }. It works for { $count } minutes. If you did not ask for it, do nothing, and do not tell it to anyone.
notice-account-made = { $name }, your account at { $service } was made. Your user name is { $username }. If it was not you, tell support.
notice-identifier-used = { $name }, somebody made another account at { $service } with the identity number of yours. It was not checked. If it was not you, tell support.
notice-password-set = { $name }, a new password was set for your account at { $service }. If it was not you, tell support at once.
notice-reset-not-possible = { $name }, somebody asked for a new password for your account at { $service }. A code sent here can't do that, since it is your second factor. If it was you, ask support for help.

## Consent
consent-title = Share your details
consent-title-client = Share your details with { $client }
consent-caption = What will be shared if you allow it
consent-detail = Detail
consent-value = Value
consent-level = How it was checked
consent-nothing = Only a number that stands for you will be shared. No other details are asked for.
consent-also = It also asks for
consent-remember = Remember this, so that I am not asked next time
consent-remember-hint = This covers only what is shown on this page.
consent-allow = Allow
consent-deny = Do not allow
level-0 = Entered by you, not checked
level-1 = Confirmed
level-2 = Checked against the register
level-3 = Checked in person or by certificate
level-dated = { $level }, { $date }
date = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Registrars and administrators of agencies
portal-search = Search
portal-search-clear = Show everything again
portal-pages = Pages of the list
portal-previous = Previous page
portal-next = Next page
portal-choose = Choose
portal-missing = Fill in this field.
portal-disabled = Shut out
portal-reason = Reason
portal-reason-hint = It is kept in the journal. Write no identity numbers here.
portal-reason-missing = Write the reason.
portal-reason-long = Write the reason on one line, in at most 500 characters.
people-found = People found
people-waiting = People whose documents wait to be looked at
people-officials = Officials
people-name = Name
people-waiting-since = Waiting since { $date }
people-none-found = Nobody was found. Check the spelling, or search by another detail.
people-none-waiting = No documents are waiting. To find somebody, search above.
people-no-officials = There are no officials yet. Add the first one.
registrar-title = Check who people are
registrar-search = User name, identity number, e-mail, phone or the beginning of a name
registrar-own = This is your own account. Another registrar has to check your details.
registrar-documents = Documents sent
registrar-photo = Photo, { $date }
registrar-document = Document, { $date }
registrar-unseen = Not looked at yet
registrar-no-documents = This person has sent no documents.
registrar-mark-seen = Mark the documents as looked at
registrar-held = What the account holds
registrar-holds-nothing = The account holds nothing yet. Its owner has to enter their details first.
registrar-caption = Tick what you have checked, and correct slips
registrar-now = Now
registrar-then = Afterwards
registrar-then-of = { $label }: the value afterwards
registrar-level = Level afterwards, of all that is ticked
registrar-evidence = What you have seen
registrar-submit = Change the levels
registrar-history = History
registrar-history-level = level { $level }, said by { $source }
registrar-back = Back to the search
registrar-done = The levels are changed, and the owner is told.
registrar-seen-done = The documents are marked as looked at.
registrar-level-0 = Not checked
registrar-level-1 = Confirmed by a code
registrar-level-2 = Checked on documents or against a register
registrar-level-3 = Checked face to face or by certificate
registrar-none-chosen = Tick at least one detail that you have checked.
registrar-level-missing = Choose a level.
registrar-evidence-missing = Choose what you have seen.
registrar-evidence-weak = Level 3 is for people who came in person or proved a certificate. Choose level 2, or other evidence.
registrar-taken = Another account holds this number as checked. Find that account before you go on.
registrar-changed = Somebody changed this meanwhile. Nothing was written: look at the value as it is now, then send again.
evidence-documents-sent = Copies of documents that were sent
evidence-face-to-face = The person, and the original document
evidence-certificate = A certificate of a trusted authority
evidence-registry-extract = An extract of a register
source-self = the person
source-operator = an operator
source-registrar = a registrar
source-agency = the agency that employs them
agency-title = Officials of { $agency }
agency-search = User name, identity number, e-mail or the beginning of a name
agency-add = Add an official
agency-add-what = Write the details as { $agency } has them on record. The official gets a link by mail to choose a password.
agency-add-submit = Make the account and send the link
agency-username-hint = Without one, the e-mail address is the user name.
agency-username-taken = This user name is taken. Choose another.
agency-username-wrong = Write at most 128 characters on one line.
agency-taken = No account can be made with this number here. Ask a registrar.
agency-back = Back to the officials
agency-invited = The link is on its way. It works once, for seven days.
agency-not-yet = This official has not chosen a password yet.
agency-invite = Send the link again
agency-not-invited = No link can be sent for this account.
agency-shut-out = Shut out
agency-shut-out-what = The account stops working everywhere at once. Only an operator can let it in again.
agency-type-name = To confirm, type the user name { $username }
agency-name-differs = This is not the user name of this account.
agency-own = You can not shut yourself out.
agency-shut-out-done = The account is shut out, and its owner is told.
notice-registrar = { $name }, a registrar checked details of your account at { $service }. If you did not ask for this, tell support.
notice-invitation = { $name }, { $agency } made an account for you at { $service }. Choose your password here, once, within seven days: { $link }
notice-shut-out = { $name }, { $agency } has shut out your account at { $service }. If this is a mistake, ask your agency.

## Devices that show a code
device-title = Connect a device
device-what = Enter the code that your television, printer or other device shows.
device-label = Code on the device
device-hint = Eight letters, such as WDJB-MJHT. Small letters will do.
device-code-missing = Enter the code that the device shows.
device-code-wrong = This code is not right, or it is too old. Enter the code that the device shows now.
device-compare = A device wants to use your account. It must show this code:
device-warning = Go on only if you started this on your own device. If somebody sent you a link or a code, do not allow it.
device-done-title = Your device is connected
device-done-what = You allowed { $client }. Now go back to your device.
device-done-do = It goes on by itself within a few seconds. You can close this page.
device-denied-title = The device was not connected
device-denied-do = The device says so within a few seconds. If it was a mistake, start again there.

## Errors
error-developer-title = This sign-in link does not work
error-developer-what = The service that sent you here made a mistake in its request. It is not your fault, and your account is safe.
error-developer-do = Go back to the service and try again. If that does not help, tell its support the details below.
error-expired-title = This sign-in took too long
error-expired-what = For your safety a sign-in has a time limit, or this one has already been finished.
error-expired-do = Go back to the service you came from and start again.
error-other-browser-title = This sign-in was started in another browser
error-other-browser-what = For your safety a sign-in must be finished in the browser where it was started.
error-other-browser-do = Go back to that browser, or start again here from the service you want to use.
error-unavailable-title = Sign-in is not available just now
error-unavailable-what = We cannot serve you at the moment. Your details are safe.
error-unavailable-do = Wait a few minutes and try again.
error-not-found-title = There is no such page
error-not-found-what = The address may be mistyped, or the page is no longer here.
error-not-found-do = Check the address, or start from the service you want to use.
error-internal-title = Something went wrong here
error-internal-what = The fault is ours, not yours. It has been recorded.
error-internal-do = Try again in a few minutes. If it happens again, tell support the details below.
error-forbidden-title = This is not allowed
error-forbidden-what = You, or the service that sent you here, may not do this.
error-forbidden-do = If you think this is wrong, tell support the details below.
error-too-many-title = Too many requests
error-too-many-what = A great many requests came from your network in a short time.
error-too-many-do = Wait a few minutes and try again.
error-certificate-title = Your certificate did not sign you in
error-certificate-what = Either no certificate was shown, or this one belongs to nobody who has an account here, has expired or was taken back.
error-certificate-do = Close the browser, put in your card or key, and try again. If it is new, have it registered to your account, or sign in in another way.
error-device-expired-title = This code no longer works
error-device-expired-what = For your safety a code has a time limit, or this one has already been answered.
error-device-expired-do = Start again on your device. It will show a new code.
error-details = Details for support
error-code = Error
error-description = Description
error-request-id = Request number

## Somebody else was asked for
mismatch-iin-title = This service asked for another person
mismatch-iin-what = The service named the person it expects by an individual identification number (IIN). Your account has another one.
mismatch-iin-do = If you are that person, go back and sign in with the account that has that number. Nothing about you was given to the service.
mismatch-organisation-title = You do not act for this organisation
mismatch-organisation-what = The service asked for a representative of the organisation with the number { $number }. You are not on its list of representatives, or your own identification number has not been confirmed yet.
mismatch-organisation-do = Ask the organisation to add you to its representatives, then start again. Nothing about you was given to the service.
mismatch-back = Back to the service

## The address of an account (OpenID 2.0)
identity-title = An address for signing in
identity-what = Services that use OpenID know a person by an address like this one.
identity-use = If you came here from a service, go back to it and sign in from there.
identity-private = Nobody can see here whether this address belongs to anyone, or to whom.
identity-home = Go to the home page

## Signing out
logout-title = Sign out?
logout-client = { $client } asks to sign you out.
logout-what = You will be signed out here. To use a service again, you will have to sign in again.
logout-confirm = Sign out
logout-stay = To stay signed in, close this page.
logged-out-title = You are signed out
logged-out-what = You have signed out safely.
logged-out-services = The services you used are being signed out too.
logged-out-shared = If other people use this device, close the browser too.

## On the way back, and other pages
form-post-title = Going back
form-post-title-client = Going back to { $client }
form-post-what = If nothing happens in a few seconds, press the button.
code-title = Your code
code-what = Copy this code into the program that asked you to sign in.
code-hint = The code works once, for a few minutes. Do not give it to anyone.
home-title = One account for public services
home-what = Here you sign in to the state's services with one account.
home-signed-out = You are not signed in. To sign in, start from the service you want to use.
home-safety = We never ask for your password by phone, by message or by mail.

## OAuth 1.0a: the code carried over by hand, and refusing
verifier-title = Your code
verifier-what = Copy this code into the application that sent you here.
verifier-hint = It works once, for a few minutes, and only for that application. Do not give it to anyone.
denied-title = You did not allow it
denied-what = { $client } was told nothing about you.
denied-do = You can close this page. If it was a mistake, go back to the service and start again.

# What every account has without being told, and values with words of their own.
attribute-username = User name
attribute-user_id = Number of your account here
attribute-kind = Kind of account
attribute-level = Level of your account
attribute-level-of = How well this was checked: { $name }
attribute-openid2_id = Your address as an account (OpenID)
attribute-locale = Language
attribute-address = Address
attribute-organization = Organisation
kind-citizen = Citizen
kind-juristic-person = Organisation
kind-foreigner = Foreigner
kind-government-agent = Official
gender-female = Female
gender-male = Male

## Passwords that are refused
password-too-short = Choose a password of at least 8 characters.
password-too-long = Choose a password of at most 128 characters.
password-common = Many people use this password, so it is guessed first. Choose another.
password-personal = This password is your name, number or address. Choose one that others do not know.
attribute-file = A picture

## What is wrong with a typed value, said beside its field
attribute-error-text = Write 1 to 500 characters on one line.
attribute-error-date = Give a date that exists, as year-month-day, such as 1990-05-15.
attribute-error-past = Give a date from 1900 to today, as year-month-day, such as 1990-05-15.
attribute-error-mail = Give a mail address such as name@example.org.
attribute-error-phone = Give the number with its country's code, such as +976 9911 2233.
attribute-error-gender = Choose one of the two.
attribute-error-pattern = This does not have the form that is expected here. Compare it with the document and write it as it stands there.
attribute-error-check-digit = There is a mistake in this number. Compare it with the document, digit by digit.
attribute-error-file = Choose a picture in JPEG, PNG or WebP.

## Signing in with a passkey

## Confirmations

confirm-login = Confirm your sign-in to { $client }
confirm-operation = Confirm the operation “{ $reference }” at { $client }
confirm-by-totp = Type the code from your authenticator app.
confirm-by-sms = Type the code we sent by SMS to { $to }.
confirm-by-mail = Type the code we sent by mail to { $to }.
confirm-by-account = Sign in to your account page and confirm there.
message-code-confirm-login = { $code } is your code to sign in to { $client } with your account at { $service }. It works for { $count } minutes. If you are not signing in there, somebody knows your password: change it.
message-code-confirm-operation = { $code } confirms the operation “{ $reference }” at { $client }. It works for { $count } minutes. If you did not ask for it, tell the code to nobody. { $service }
confirmations-title = Waiting for your confirmation
confirmations-what = Confirm only what you began yourself, just now. If you know nothing of it, refuse it and change your password.
confirmations-none = Nothing waits for your confirmation now.
confirmations-asked = Asked on
confirmations-until = Can be answered until
confirmations-approve = Confirm
confirmations-refuse = Refuse
done-confirmed = You confirmed. Go back to the application that asked.
done-refused = You refused. The application is told so.

## The person's own pages
account-title = Your account
account-nav = Parts of your account
account-nav-profile = Details
account-nav-sessions = Devices
account-nav-applications = Applications
account-nav-security = Security
account-nav-activity = Activity
account-nav-confirmations = Confirmations
account-gone = This is no longer there. Look at the list again.
back-to-account = Back to your account
back-to-security = Back to security
save = Save
remove = Remove
rename = Rename
turn-on = Turn on
turn-off = Turn off
choose-one = Choose one of the list.
profile-level = Level of your account:
profile-confirm = Confirm it
profile-change = Change it
profile-locale = Language of pages and messages
profile-data = Your data
profile-export-what = Take a copy of everything that is kept about you here.
profile-export = Download my data
edit-title = Change your details
edit-what = What you change here counts as not checked until somebody checks it again. To take a detail away, empty its field.
edit-part-person = About you
edit-part-identification = Identity document
edit-locked = Checked numbers
edit-locked-what = A number that was checked is changed by a registrar only. Send a picture of your document, or go to a registration office with it.
contact-title = Confirm a phone or mail address
contact-what = We will send a code there. What you have now stays until the new one is confirmed.
contact-phone = Confirm or change your phone
contact-mail = Confirm or change your mail address
contact-other-mail = Use another mail address
files-title = Photo and documents
files-photo = Your photo
files-photo-choose = Choose a photo
files-hint = JPEG, PNG or WebP, at most 5 MB.
files-documents = Documents for a registrar
files-documents-what = A registrar looks at them to check your details. Nobody else sees them.
files-document = Document
files-document-choose = Choose a picture of a document
files-note = What it shows
files-send = Send the document
files-sent = Sent
files-reviewed = Looked at by a registrar
files-too-big = The file is larger than 5 MB. Choose a smaller one.
files-too-many = There are ten documents already. Remove one first.
sessions-title = Where you are signed in
sessions-what = If you do not know one of these, end it and change your password.
sessions-current = This device
sessions-unknown = Unknown device
sessions-address = Address
sessions-began = Signed in
sessions-seen = Last used
sessions-end = Sign out there
sessions-end-others = Sign out everywhere else
applications-title = Applications that know you
applications-what = You allowed these to know the details below. If you take that back, their access stops at once; what they were given before they may still have.
applications-none = You have not allowed any application to know you.
applications-since = Since
applications-latest = Last allowed
applications-attributes = It may know:
applications-scopes = You allowed:
applications-withdraw = Withdraw
applications-open = Open
activity-title = What happened in your account
activity-show = Choose what is shown
activity-all = Everything
activity-sign-ins = Sign-ins
activity-applications = Permissions
activity-changes = Changes
activity-none = Nothing has happened yet.
activity-newest = Newest
activity-older = Older
activity-signed-in = You signed in
activity-session-ended = A device was signed out
activity-sessions-ended = All other devices were signed out
activity-granted = You allowed an application to know you:
activity-read = An application read your details:
activity-withdrawn = You withdrew a permission:
activity-acted-for = An application acted in your name without you:
activity-created = The account was made
activity-attributes = Details were changed
activity-contact = A phone or mail address was confirmed
activity-password = The password was changed
activity-disabled = The account was disabled
activity-enabled = The account was enabled again
activity-exported = You took a copy of your data
activity-raised = A detail was checked and its level changed
activity-factor-added = A way to prove yourself was added
activity-factor-removed = A way to prove yourself was removed
activity-factor-renamed = A passkey was renamed
activity-files = Photo or documents were changed
activity-representatives = Representatives were changed
activity-confirmation-asked = An application asked you to confirm something
activity-confirmation-given = You confirmed a sign-in or an operation
activity-confirmation-closed = A confirmation came to nothing
activity-other = Something else was done
activity-by-official = Done by an official
activity-by-operator = Done by the operator of this service
security-title = Security
security-second = Second factor
security-second-what = With one of the following set up, a password alone does not open your account.
password-changed-at = Last changed
change-password-title = Change your password
change-password-what = You will be signed out everywhere else.
change-password-label = New password
change-password-hint = Use 8 to 128 characters that nobody would guess. Three or four words do well.
passkeys = Passkeys
passkey-label = Name of the passkey
passkey-label-hint = So that you know it again, such as the device it is on.
passkey-label-missing = Give the passkey a name.
new-passkey-title = Add a passkey
new-passkey-what = A passkey lets you sign in with your finger, face or PIN, without a password. It stays on your device.
new-passkey-refused = The passkey could not be added. Try again.
new-passkey-taken = This passkey is there already.
factor-added = Added
factor-used = Last used
totp-name = Authenticator app
totp-title = Set up an authenticator app
totp-what = Scan this picture with your app. On the phone itself, press it.
totp-open = QR code for your authenticator app
totp-by-hand = Or type this key into the app:
totp-submit = Finish
totp-unconfirmed = The code is not right. Check that your phone's clock is right, and enter the code it shows now.
channel-sms = Codes to your phone
channel-mail = Codes by mail
channel-unconfirmed = Confirm your phone or mail address first.
channel-needs-password = Set a password first, or you could not sign in any more.
recovery-codes-title = Recovery codes
recovery-codes-what = Write these down or print them, and keep them where you keep documents. Each opens your account once, should you lose your device. They are shown only now.
recovery-codes-old = Codes you had before no longer work.
recovery-kept = I have kept them
recovery-offer = Make recovery codes now, so that you can sign in without your device.
recovery-make = Make recovery codes
recovery-again = Make a new set
recovery-left =
    { $count ->
        [one] You have { $count } code left.
       *[other] You have { $count } codes left.
    }
representatives-title = Representatives
representatives-what = These people may act for the organisation with their own accounts.
representatives-add = Add a representative
representatives-full-name = Full name
representatives-name = Kind of number
representatives-value = Number
representatives-there = This person is a representative already.
representatives-last = The last representative stays. Add another first.
close-title = Close your account
close-what = What is kept about you is erased, and every application loses its access. This cannot be undone.
close-name = Your user name stays taken, so that nobody is mistaken for you.
close-label = To go on, type your user name: { $name }
close-other-name = This is not your user name. Type it as it stands above.
close-submit = Close the account for good
closed-title = Your account is closed
closed-what = What was kept about you has been erased.
done-factor-first = The page you wanted asks for a second factor. Set one up here, then go there again.
done-profile = Your details were changed.
done-unchanged = Nothing was changed.
done-locale = Your language was set.
done-contact = It is confirmed.
done-photo = Your photo was saved.
done-photo-removed = Your photo was removed.
done-document = The document was sent.
done-document-removed = The document was removed.
done-session = That device was signed out.
done-sessions = All other devices were signed out.
done-withdrawn = { $about } no longer has access to your details.
done-password = Your password was changed.
done-totp = Your authenticator app is set up.
done-passkey = The passkey was added.
done-renamed = The passkey was renamed.
done-removed = It was removed.
done-channel = Codes are turned on.
done-representative = The representative was added.
done-representative-removed = The representative was removed.
notice-password-changed = { $name }, the password of your account at { $service } was changed. If it was not you, ask support for help at once.
notice-factor-added = { $name }, a new way to sign in to your account at { $service } was set up. If it was not you, change your password at once.
notice-factor-removed = { $name }, a way to sign in to your account at { $service } was removed. If it was not you, change your password at once.
notice-recovery-codes = { $name }, new recovery codes were made for your account at { $service }. If it was not you, change your password at once.
notice-contact-changed = { $name }, your account at { $service } has another phone or mail address now and will not write here any more. If it was not you, ask support for help at once.
notice-account-closed = { $name }, your account at { $service } was closed and what was kept about you erased. If it was not you, ask support for help at once.
