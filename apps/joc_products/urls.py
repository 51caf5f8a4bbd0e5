"""Addresses of JOC products, below /joc-products/."""

from django.urls import path

from apps.joc_products import views

app_name = "joc_products"

urlpatterns = [
    path("", views.JocProductList.as_view(), name="list"),
    path("new/", views.JocProductNew.as_view(), name="new"),
    path("export/", views.JocProductExport.as_view(), name="export"),
    path("preview/", views.JocProductAudiencePreview.as_view(), name="preview"),
    path("share/", views.JocProductShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.JocProductDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.JocProductEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.JocProductTransition.as_view(), name="transition"),
    path("<uuid:uuid>/next/", views.JocProductNext.as_view(), name="next"),
    path("<uuid:uuid>/correct/", views.JocProductCorrect.as_view(), name="correct"),
    path("<uuid:uuid>/history/", views.JocProductHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.JocProductShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.JocProductReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.JocProductStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.JocProductPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.JocProductPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.JocProductCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.JocProductLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.JocProductAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.JocProductAttachmentDownload.as_view(),
        name="attachment",
    ),
]
