using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Feed;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Asks what shall be quiet, for how long, and why; says how many devices that is now.</summary>
public partial class SilenceDialog : ComponentBase
{
    private string _rule = "";
    private string _query = "";
    private string _reason = "";
    private int _seconds = 14_400;
    private QueryProblem? _problem;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    /// <summary>To begin with; null: every rule.</summary>
    [Parameter]
    public string? Rule { get; set; }

    /// <summary>To begin with; null: all devices.</summary>
    [Parameter]
    public string? Query { get; set; }

    /// <summary>Does it; answers what went wrong, or null.</summary>
    [Parameter, EditorRequired]
    public required Func<SilenceRequest, Task<string?>> Silence { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    private bool Complete => _reason.Trim().Length > 0 && (Given(_rule) ?? Given(_query)) is not null && FleetQuery.TryParse(_query, out _, out _);

    private string Found
    {
        get
        {
            if (!FleetQuery.TryParse(_query, out var query, out _problem))
                return _problem.ToString();
            if (Feed.Fleet.Sequence < 0)
                return "How many devices that is is not known yet.";
            var now = Clock.GetUtcNow();
            var count = Feed.Fleet.Devices.Values.Count(device => query.Matches(DeviceFacts.Of(device), now));
            return $"{count:N0} {(count == 1 ? "device" : "devices")} now";
        }
    }

    protected override void OnInitialized() => (_rule, _query) = (Rule ?? "", Query ?? "");

    private Task<string?> ActAsync() => Silence(new SilenceRequest(Given(_query), Given(_rule), _seconds, _reason.Trim()));

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
