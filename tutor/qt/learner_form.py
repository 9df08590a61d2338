"""The form for one learner: name, picture, age band, language."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from tutor.domain import AgeBand, Learner
from tutor.i18n import tr
from tutor.qt import choices, pictures, theme
from tutor.qt.flow import FlowLayout
from tutor.qt.palettes import Theme
from tutor.qt.widgets import Choice, Field, label

LONGEST_NAME = 60


class PictureChoice(QAbstractButton):
    """One picture to choose; a ring and a tick mark the chosen one."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = name
        self.setCheckable(True)
        self.setText(pictures.words(name))
        self.setAccessibleName(pictures.words(name))
        self.setToolTip(pictures.words(name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(72), theme.scale(72))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        pictures.draw(painter, self.picture, box.adjusted(7, 7, -7, -7))
        tokens = theme.current()
        if self.isChecked() or self.hasFocus():
            pen = QPen(QColor(tokens.accent if self.isChecked() else tokens.ink), 3)
            if self.hasFocus():
                pen.setStyle(Qt.PenStyle.DotLine if not self.isChecked() else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawEllipse(box.adjusted(3, 3, -3, -3))
        if self.isChecked() and self.hasFocus():
            painter.setPen(QPen(QColor(tokens.ink), 1.5))
            painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))
        if self.isChecked():
            self._tick(painter, box, tokens)
        painter.end()

    def _tick(self, painter: QPainter, box: QRectF, tokens: Theme) -> None:
        side = theme.scale(20)
        badge = QRectF(box.right() - side, box.bottom() - side, side, side)
        painter.setPen(QPen(QColor(tokens.paper), 2))
        painter.setBrush(QColor(tokens.accent))
        painter.drawEllipse(badge.adjusted(1, 1, -1, -1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.on_accent), 2.2))
        painter.drawPolyline(
            [
                QPointF(badge.x() + side * 0.30, badge.y() + side * 0.50),
                QPointF(badge.x() + side * 0.45, badge.y() + side * 0.65),
                QPointF(badge.x() + side * 0.72, badge.y() + side * 0.36),
            ]
        )


class PictureGrid(QWidget):
    """All pictures; arrow keys move between them as between radio buttons."""

    chosen = Signal(str)

    def __init__(self, picture: str = pictures.NAMES[0], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        flow = FlowLayout(self, gap=8)
        for name in pictures.NAMES:
            choice = PictureChoice(name)
            choice.setChecked(name == picture)
            self._group.addButton(choice)
            flow.addWidget(choice)
        self._group.buttonClicked.connect(self._tell)

    def value(self) -> str:
        checked = self._group.checkedButton()
        return checked.picture if isinstance(checked, PictureChoice) else pictures.NAMES[0]

    def choose(self, name: str) -> None:
        for choice in self._group.buttons():
            if isinstance(choice, PictureChoice) and choice.picture == name:
                choice.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}.get(
            Qt.Key(event.key()), 0
        )
        buttons = self._group.buttons()
        focused = [i for i, choice in enumerate(buttons) if choice.hasFocus()]
        if step and focused:
            target = buttons[(focused[0] + step) % len(buttons)]
            target.setFocus(Qt.FocusReason.TabFocusReason)
            target.setChecked(True)
            self._tell()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        self.chosen.emit(self.value())


class LearnerForm(QWidget):
    """Name, picture, age band, language; `problem_found()` validates in place."""

    def __init__(self, learner: Learner | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(learner.name if learner else "")
        self.name.setMaxLength(LONGEST_NAME)
        self.name_field = Field(tr("Name"), self.name, tr("A first name or a nickname is enough."))
        self.pictures = PictureGrid(learner.picture if learner else pictures.NAMES[0])
        self.age = Choice(choices.age_bands(), learner.age_band.value if learner else AgeBand.A8_10.value)
        self.language = Choice(choices.languages(), learner.language if learner else "en-GB")
        if learner and self.language.value() != learner.language:
            self.language.addItem(learner.language, learner.language)
            self.language.choose(learner.language)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(self.name_field)
        box.addWidget(label(tr("Picture"), "strong"))
        box.addWidget(self.pictures)
        box.addWidget(
            Field(tr("Age"), self.age, tr("Decides how the tutor speaks and how strictly messages are checked."))
        )
        box.addWidget(Field(tr("Language"), self.language))
        self.name.textChanged.connect(self._forgive)

    def problem_found(self, taken: frozenset[str] = frozenset()) -> bool:
        """True when something must be put right first; shown beside the field, which gets the focus."""
        name = self.name.text().strip()
        if not name:
            self.name_field.complain(tr("Write a name first."))
        elif name.casefold() in taken:
            self.name_field.complain(tr("There is already a learner with this name. Add a letter or a nickname."))
        else:
            return False
        self.name.setFocus()
        return True

    def values(self) -> tuple[str, str, AgeBand, str]:
        """Name, picture, age band, language."""
        return self.name.text().strip(), self.pictures.value(), AgeBand(self.age.value()), self.language.value()

    def _forgive(self) -> None:
        self.name_field.complain("")
