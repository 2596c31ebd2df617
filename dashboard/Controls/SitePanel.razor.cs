using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Controls;

/// <summary>A site in numbers, or what else is grouped by, live, and who there needs somebody most.</summary>
public partial class SitePanel : ComponentBase
{
    private const int Most = 8;

    private FleetSummary _summary = FleetSummary.Of([]);
    private SiteRow _site = new("", 0, new Dictionary<string, int>(), 0);
    private IReadOnlyList<GraphNode> _worst = [];

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>What it is a name of.</summary>
    [Parameter]
    public FleetGrouping By { get; set; } = FleetGrouping.Site;

    private bool Ready => Feed.Fleet.Sequence >= 0;

    [Parameter]
    public EventCallback Closed { get; set; }

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    protected override void OnParametersSet() => Read();

    public void Dispose() => Feed.Changed -= OnChanged;

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        var here = Feed.Fleet.Devices.Values.Where(device => By.ValueOf(device) == Name).ToList();
        _summary = FleetSummary.Of(here);
        _site = By.Rows(here).SingleOrDefault() ?? new(Name, 0, new Dictionary<string, int>(), 0);
        _worst = [.. here.Where(device => device.Look is Looks.Contraindicated or Looks.Stale or Looks.Unproven or Looks.Warning)
            .OrderByDescending(device => LookText.Risk(device.Look)).ThenBy(device => device.Since).ThenBy(device => device.Name, StringComparer.Ordinal).Take(Most)];
    }
}
