"""What people type in, checked for its shape only; rules stand in the actions. One module per noun."""

from members.forms.review import DecisionForm, NoteForm

__all__ = ["DecisionForm", "NoteForm"]
