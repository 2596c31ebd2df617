using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Layout;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What went wrong, the trace id of the silo's log or of the dashboard's, and a way to try again. A session that ended leads to the sign-in page instead.</summary>
public partial class Failure : ComponentBase
{
    private bool _trying;
    private Exception? _logged;
    private string? _trace;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<Failure> Log { get; init; }

    [Parameter, EditorRequired]
    public required Exception Problem { get; set; }

    [Parameter]
    public EventCallback Retry { get; set; }

    private string? TraceId => Refusal is null ? _trace : Refusal.TraceId;

    private SiloException? Refusal => Problem as SiloException;

    private string Title => Refusal?.Code switch
    {
        "unreachable" => "The silo does not answer",
        "not_found" => "Not found",
        "forbidden" => "Not allowed",
        null => "This page failed",
        _ => "The silo refused",
    };

    private string Text => Refusal?.Message ?? "The dashboard's log has the details. If you were changing something, look whether it was done before you try again.";

    private async Task AgainAsync()
    {
        _trying = true;
        try
        {
            await Retry.InvokeAsync();
        }
        finally
        {
            _trying = false;
        }
    }

    protected override void OnParametersSet()
    {
        if (Refusal is { SessionEnded: true })
            SignInAgain.Go(Navigation);
        if (Refusal is not null || ReferenceEquals(_logged, Problem))
            return;
        // A circuit has no request of its own whose id could be looked for.
        (_logged, _trace) = (Problem, ActivityTraceId.CreateRandom().ToHexString());
        SiloLog.PageFailed(Log, _trace, Problem.GetType().Name);
    }
}
