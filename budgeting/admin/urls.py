"""Addresses of the rounds below /admin/rounds/."""

from django.urls import path

from . import acts, after_vote, decisions, projects, rounds, scopes

app_name = "rounds_admin"
urlpatterns = [
    path("", rounds.RoundList.as_view(), name="rounds"),
    path("new/", rounds.RoundCreate.as_view(), name="round_add"),
    path("acts/", acts.ActList.as_view(), name="acts"),
    path("acts/<int:pk>/", acts.ActView.as_view(), name="act"),
    path("<int:pk>/", rounds.RoundPage.as_view(), name="round"),
    path("<int:pk>/rules/", rounds.RulesView.as_view(), name="rules"),
    path("<int:pk>/delete/", rounds.RoundDelete.as_view(), name="round_delete"),
    path("<int:pk>/dates/", rounds.PhasesView.as_view(), name="phases"),
    path("<int:pk>/criteria/", rounds.CriteriaView.as_view(), name="criteria"),
    path("<int:pk>/hold/", rounds.HoldView.as_view(), name="hold"),
    path("<int:pk>/hold/lift/", rounds.LiftHoldView.as_view(), name="hold_lift"),
    path("<int:pk>/contests/", scopes.ScopeList.as_view(), name="scopes"),
    path("<int:pk>/contests/new/", scopes.ScopeView.as_view(), name="scope_add"),
    path("<int:pk>/contests/<int:scope_pk>/", scopes.ScopeView.as_view(), name="scope"),
    path(
        "<int:pk>/contests/<int:scope_pk>/delete/",
        scopes.ScopeDelete.as_view(),
        name="scope_delete",
    ),
    path("<int:pk>/projects/", projects.ProjectList.as_view(), name="projects"),
    path("<int:pk>/projects/new/", projects.ProjectView.as_view(), name="project_add"),
    path("<int:pk>/projects/import/", projects.ProjectImport.as_view(), name="project_import"),
    path("<int:pk>/projects/example/", projects.ProjectExample.as_view(), name="project_example"),
    path("<int:pk>/projects/export/", projects.ProjectExport.as_view(), name="project_export"),
    path("<int:pk>/projects/<int:project_pk>/", projects.ProjectView.as_view(), name="project"),
    path(
        "<int:pk>/projects/<int:project_pk>/delete/",
        projects.ProjectDelete.as_view(),
        name="project_delete",
    ),
    path(
        "<int:pk>/projects/<int:project_pk>/withdraw/",
        projects.ProjectWithdraw.as_view(),
        name="project_withdraw",
    ),
    path("<int:pk>/opening/", acts.OpeningView.as_view(), name="opening"),
    path("<int:pk>/extension/", acts.ExtensionView.as_view(), name="extension"),
    path("<int:pk>/annulment/", after_vote.AnnulmentView.as_view(), name="annulment"),
    path("<int:pk>/after-the-vote/", after_vote.AfterVoteView.as_view(), name="after_vote"),
    path(
        "<int:pk>/after-the-vote/sealing/",
        after_vote.SealingRequest.as_view(),
        name="sealing_request",
    ),
    path(
        "<int:pk>/after-the-vote/key/",
        after_vote.KeyDestructionRequest.as_view(),
        name="key_destruction_request",
    ),
    path("<int:pk>/after-the-vote/draw/", after_vote.DrawRequest.as_view(), name="draw_request"),
    path("<int:pk>/after-the-vote/count/", after_vote.CountRequest.as_view(), name="count_request"),
    path(
        "<int:pk>/after-the-vote/publication/",
        after_vote.PublicationRequest.as_view(),
        name="publication_request",
    ),
    path("<int:pk>/decisions/", decisions.DecisionList.as_view(), name="decisions"),
    path("<int:pk>/decisions/cost/", decisions.AskForCost.as_view(), name="decision_cost"),
    path("<int:pk>/decisions/budget/", decisions.AskForBudget.as_view(), name="decision_budget"),
    path("<int:pk>/decisions/note/", decisions.AskForNote.as_view(), name="decision_note"),
    path(
        "<int:pk>/decisions/<int:override_pk>/revoke/",
        decisions.AskToRevoke.as_view(),
        name="decision_revoke",
    ),
    path(
        "<int:pk>/counts/<int:count_pk>/<str:name>",
        after_vote.RecordFileView.as_view(),
        name="record_file",
    ),
]
