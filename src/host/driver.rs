//! Performs what the session asks for, and brings it what the browser has to say: frames, the worker's replies,
//! the end of the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::host::frame::Frames;
use crate::host::session_context::{Clock, SessionHandle};
use crate::host::worker::WatchedWorker;
use crate::host::{crash, store};
use crate::session::{Action, FlashKind, HostEffect, Session};

/// Changes that follow one another quickly are saved once.
const SAVE_AFTER_MILLIS: u32 = 300;
/// How often views that show the time are drawn again.
const CLOCK_EVERY_MILLIS: f64 = 90.0;
/// How often the clock is kept while nothing else happens.
const SAVE_CLOCK_EVERY_MILLIS: f64 = 5_000.0;
/// A longer gap between frames is a tab that was away: virtual time did not go on in it.
const LONGEST_FRAME_MILLIS: f64 = 250.0;

#[derive(Debug, PartialEq, Properties)]
pub struct SessionProviderProps {
    /// The opened session; taken over once.
    pub session: SessionCell,
    pub children: Children,
}

/// A session on its way into the page.
#[derive(Clone, Debug)]
pub struct SessionCell(pub Rc<RefCell<Session>>);

impl PartialEq for SessionCell {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    Saved,
    Saving,
    /// No storage in this browser or none left: the work lasts as long as the page.
    Unsaved,
}

/// The sentence that screen readers are to say next; counted, so that the same one is said twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announcement {
    pub text: AttrValue,
    pub count: u32,
}

/// Provides session and clock to everything inside, and keeps both going.
#[component]
pub fn SessionProvider(props: &SessionProviderProps) -> Html {
    let session = props.session.0.clone();
    let revision = use_state(|| session.borrow().revision());
    let clock = use_state(|| Clock { now: session.borrow().account().now() });
    let saved = use_state_eq(|| SaveState::Saved);
    let announcement = use_state(Announcement::default);

    let driver = use_memo((), {
        let (session, saved, announcement) = (session.clone(), saved.setter(), announcement.setter());
        let (revision, clock) = (revision.setter(), clock.setter());
        move |()| {
            let on_change = move |session: &Session| {
                revision.set(session.revision());
                clock.set(Clock { now: session.account().now() });
            };
            Driver::new(session, on_change, saved, announcement)
        }
    });
    {
        let driver = driver.clone();
        use_effect_with((), move |()| {
            driver.perform();
            let frames = driver.frames();
            let leaving = driver.save_on_leaving();
            move || drop((frames, leaving))
        });
    }
    let after = use_callback(driver, |(), driver| driver.perform());
    let handle = SessionHandle::new(session, after);
    html! {
        <ContextProvider<SessionHandle> context={handle}>
            <ContextProvider<Clock> context={*clock}>
                <ContextProvider<SaveState> context={*saved}>
                    <ContextProvider<Announcement> context={(*announcement).clone()}>
                        { props.children.clone() }
                    </ContextProvider<Announcement>>
                </ContextProvider<SaveState>>
            </ContextProvider<Clock>>
        </ContextProvider<SessionHandle>>
    }
}

#[derive(Clone)]
struct Driver {
    session: Rc<RefCell<Session>>,
    worker: WatchedWorker,
    on_change: Rc<dyn Fn(&Session)>,
    saving: Rc<RefCell<Option<Timeout>>>,
    unsaved: Rc<Cell<bool>>,
    saved: UseStateSetter<SaveState>,
    announcement: UseStateSetter<Announcement>,
    announced: Rc<Cell<u32>>,
}

impl PartialEq for Driver {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session)
    }
}

impl Driver {
    fn new(
        session: Rc<RefCell<Session>>,
        on_change: impl Fn(&Session) + 'static,
        saved: UseStateSetter<SaveState>,
        announcement: UseStateSetter<Announcement>,
    ) -> Driver {
        // The worker's replies go the same way as everything else; the driver is made after it, so it waits in a cell.
        let itself: Rc<RefCell<Option<Driver>>> = Rc::default();
        let worker = WatchedWorker::new({
            let itself = Rc::clone(&itself);
            move |action| {
                let driver = itself.borrow().clone();
                if let Some(driver) = driver {
                    driver.dispatch(action);
                }
            }
        });
        let driver = Driver {
            session,
            worker,
            on_change: Rc::new(on_change),
            saving: Rc::default(),
            unsaved: Rc::default(),
            saved,
            announcement,
            announced: Rc::default(),
        };
        *itself.borrow_mut() = Some(driver.clone());
        driver
    }

    fn dispatch(&self, action: Action) {
        self.session.borrow_mut().dispatch(action);
        self.perform();
    }

    /// Performs the outbox, then lets the views know.
    fn perform(&self) {
        loop {
            let effect = self.session.borrow_mut().poll_effect();
            match effect {
                Some(HostEffect::Save) => self.save_soon(),
                Some(HostEffect::RunHandler(request)) => self.worker.run(&request),
                Some(HostEffect::StopWorker) => self.worker.stop(),
                Some(HostEffect::Announce(text)) => {
                    self.announced.set(self.announced.get() + 1);
                    self.announcement.set(Announcement { text: text.into(), count: self.announced.get() });
                }
                None => break,
            }
        }
        (self.on_change)(&self.session.borrow());
    }

    fn frames(&self) -> Frames {
        let driver = self.clone();
        let (mut last_frame, mut last_clock, mut last_save) = (None, 0.0, 0.0);
        Frames::start(move |time| {
            let elapsed = (time - last_frame.replace(time).unwrap_or(time)).clamp(0.0, LONGEST_FRAME_MILLIS);
            if !driver.session.borrow().playback().playing {
                return;
            }
            // The clock alone is no change; it is kept now and then, and when the page is left.
            driver.unsaved.set(true);
            if time - last_save >= SAVE_CLOCK_EVERY_MILLIS {
                last_save = time;
                driver.save();
            }
            let before = driver.session.borrow().revision();
            driver.session.borrow_mut().dispatch(Action::Tick { real_micros: (elapsed * 1_000.0) as u64 });
            let changed = driver.session.borrow().revision() != before;
            if changed || time - last_clock >= CLOCK_EVERY_MILLIS {
                last_clock = time;
                driver.perform();
            }
        })
    }

    fn save_soon(&self) {
        self.unsaved.set(true);
        self.saved.set(SaveState::Saving);
        let mut saving = self.saving.borrow_mut();
        if saving.is_none() {
            let driver = self.clone();
            *saving = Some(Timeout::new(SAVE_AFTER_MILLIS, move || driver.save()));
        }
    }

    fn save(&self) {
        self.saving.borrow_mut().take();
        if !self.unsaved.replace(false) {
            return;
        }
        let text = self.session.borrow().own().project().to_json();
        crash::remember_project(&text);
        let driver = self.clone();
        spawn_local(async move {
            match store::save(&text).await {
                Ok(()) if driver.unsaved.get() => {}
                Ok(()) => driver.saved.set(SaveState::Saved),
                Err(_) => {
                    driver.saved.set(SaveState::Unsaved);
                    driver.session.borrow_mut().say(
                        FlashKind::Warning,
                        "This browser keeps nothing for this page. Download the project before you close it.",
                        None,
                    );
                    driver.perform();
                }
            }
        });
    }

    /// The page is hidden or closed: what waits to be saved is saved now.
    fn save_on_leaving(&self) -> gloo_events::EventListener {
        let driver = self.clone();
        let page = gloo_utils::document();
        gloo_events::EventListener::new(&page, "visibilitychange", move |_| driver.save())
    }
}
