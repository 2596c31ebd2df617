using Microsoft.AspNetCore.Components;

namespace TrustMesh.Dashboard.Controls;

/// <summary>The shape of a look. Always stands beside the look's name; alone it is decoration.</summary>
public partial class Glyph : ComponentBase
{
    /// <summary>One of Looks.All, or <c>silo</c>.</summary>
    [Parameter, EditorRequired]
    public required string Look { get; set; }

    /// <summary>Pixels, inside of another picture, where a stylesheet does not reach its size; null: the stylesheet says.</summary>
    [Parameter]
    public int? Size { get; set; }
}
