using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace TrustMesh.Dashboard.Layout;

/// <summary>One page in the rail; a count says that something waits there.</summary>
public partial class NavItem : ComponentBase
{
    [Parameter, EditorRequired]
    public required string Href { get; set; }

    /// <summary>Path data on a 24 × 24 grid.</summary>
    [Parameter, EditorRequired]
    public required string Icon { get; set; }

    [Parameter]
    public NavLinkMatch Match { get; set; } = NavLinkMatch.Prefix;

    [Parameter]
    public int Count { get; set; }

    /// <summary>What waits there cannot wait long.</summary>
    [Parameter]
    public bool Urgent { get; set; }

    [Parameter]
    public string CountText { get; set; } = "";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
