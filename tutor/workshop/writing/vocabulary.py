"""Words that have nothing to do with maths, so that the tutor learns not to depend on a learner's other words."""

_TOPICS = """
volcanoes dinosaurs football cats dogs horses planets comets rockets castles knights pirates bees spiders sharks
whales music guitars drums paintings history geography science French Spanish poems stories robots computers games
phones trains aeroplanes bridges rivers mountains oceans islands deserts rain snow clouds storms trees flowers frogs
lions tigers elephants penguins owls pizza apples cakes sweets sandwiches bread cheese oranges marbles pencils books
stickers cards toys bikes cars boats buses shoes hats colours birthdays holidays parties films cartoons superheroes
dragons magic ghosts kings queens Romans Vikings Egyptians Tudors electricity magnets atoms plants muscles bones
teeth sleep dreams swimming running dancing cooking gardening chess spelling grammar verbs websites
"""

_WORDS = """
able above across actor afternoon again ago air almost along always animal another anything around asleep aunt
autumn awake baby back bad badly ball banana basket bath beach bear beautiful bed before begin behind bell below
best better between big bird black blanket blue body boots bored bottle bottom bowl box boy brave bread break
breakfast bright broken brother brown brush bucket build busy butter button buy calm camera candle careful carpet
carry castle catch chair chalk change cheap chicken child choose church circle city clap class clean clever climb
clock coat coffee cold colour corner cough country cousin cow crayon cry cup curtain daddy dance dark daughter deep
desk different dinner dirty doctor door downstairs draw dress drink dry early earth east easy eat egg elbow empty
England enough evening every eye face fair fall family famous farm fast father feather feet fence film find finger
finish fire fish flag floor fly follow food fork forest forget fox France free fresh Friday friend front fruit full
funny garden gentle Germany giant girl glad glass gloves goat gold good grandma grandad grass green grey ground grow
guess hair half hall hand happy hard head hear heavy helpful hen high hill hold hole home honey hot hour house
hungry hurry ice idea inside jacket jam juice jump keep kettle key kind king kitchen kite ladder lake lamp large
last late laugh lazy leaf learn leave left leg lemon letter light line lion list listen little London lonely long
look lost loud love lovely lucky lunch machine make map market May meal medicine metal middle milk mirror miss
Monday money monkey morning mouse mouth move Mr mud mum music name narrow near neck needle never new next nice night
noise north nose nothing nurse ocean often old open orange outside oven paint pair pan paper parent Paris park party
path pen people pepper pet photo piano picnic picture pig pillow pink plane plant plate play please pocket police
polite pond poor post potato present pretty prince princess proud puddle pull puppy purple push quick quiet rabbit
race radio rain ready red rich ride ring river road rock roof room rope rose round rubber sad safe salt sand
Saturday school scissors sea season seat secret shadow shark sharp sheep shelf shell shiny ship shirt shoe shop
short shout shy silly silver sing sister sit skin skirt sky slow small smell smile snail snow soap sock soft soldier
song soup south space spoon sport spring square stair star station stick stone story street strong sugar summer sun
Sunday supper swan sweet table tail tall tea teacher team tent thin thirsty throat Thursday ticket tidy tiger tired
today toe tomato tomorrow tooth top towel tower town toy train tree trousers truck Tuesday turtle uncle under
uniform upstairs useful vegetable village visit voice wait Wales walk wall warm wash watch water wave weather
Wednesday week west wet wheel whisper white wide wild wind window winter wise wolf wonderful wood wool world worm
yellow yesterday young zebra Ali Amira Ben Chloe Daniel Ella Fatima Grace Hassan Imran Isla Jack Kofi Leah Liam Maya
Mia Noah Olivia Omar Priya Ravi Rosie Sofia Tom Zara
"""

TOPICS = tuple(_TOPICS.split())
WORDS = tuple(_WORDS.split())
