using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace TrustMesh.Dashboard;

/// <summary>The document. The theme comes from a cookie, so that the first paint already has it.</summary>
public partial class App : ComponentBase
{
    [CascadingParameter]
    public required HttpContext Context { get; set; }

    private string Theme => Context.Request.Cookies["trustmesh.theme"] is "light" or "dark" or "contrast" ? Context.Request.Cookies["trustmesh.theme"]! : "system";

    /// <summary>The sign-in and error pages work without a circuit.</summary>
    private IComponentRenderMode? Mode => Context.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;
}
