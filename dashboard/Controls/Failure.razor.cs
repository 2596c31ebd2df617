using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Layout;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What went wrong, the silo's trace id, and a way to try again. A session that ended leads to the sign-in page instead.</summary>
public partial class Failure : ComponentBase
{
    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public required Exception Problem { get; set; }

    [Parameter]
    public EventCallback Retry { get; set; }

    private SiloException? Refusal => Problem as SiloException;

    private string Title => Refusal?.Code switch
    {
        "unreachable" => "The silo does not answer",
        "not_found" => "Not found",
        "forbidden" => "Not allowed",
        null => "This page failed",
        _ => "The silo refused",
    };

    private string Text => Refusal?.Message ?? "The dashboard's log has the details. Nothing was changed.";

    protected override void OnParametersSet()
    {
        if (Refusal is { SessionEnded: true })
            SignInAgain.Go(Navigation);
    }
}
