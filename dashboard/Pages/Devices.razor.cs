using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Pages;

/// <summary>Every device, live, found by text, site and look. What is shown is in the URL.</summary>
public partial class Devices : ComponentBase
{
    // URLs we went to ourselves and whose navigation is still under way: when it arrives, the person may have typed on.
    private readonly List<string> _going = [];
    private string _text = "";
    private IReadOnlyList<GraphNode> _shown = [];
    private FleetSummary _summary = FleetSummary.Of([]);
    private bool _ready;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "look")]
    public string? Look { get; set; }

    [SupplyParameterFromQuery(Name = "site")]
    public string? Site { get; set; }

    [SupplyParameterFromQuery(Name = "order")]
    public string? Order { get; set; }

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    protected override void OnParametersSet()
    {
        var asked = DeviceQuery.Parse(Text, Look, Site, Order);
        var own = _going.IndexOf(asked.Url("/devices"));
        if (own >= 0)
        {
            _going.RemoveRange(0, own + 1);
            return;
        }
        _going.Clear();
        (Query, _text) = (asked, asked.Text);
        Read();
    }

    public void Dispose() => Feed.Changed -= OnChanged;

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        _ready = Feed.Fleet.Sequence >= 0;
        _summary = FleetSummary.Of(Feed.Fleet.Devices.Values);
        _shown = Query.Of(Feed.Fleet.Devices.Values);
    }

    private void Go(DeviceQuery query)
    {
        var url = query.Url("/devices");
        if (url == Query.Url("/devices")) return;
        Query = query;
        Read();
        _going.Add(url);
        Navigation.NavigateTo(url, replace: true);
    }

    private void TextChanged() => Go(Query with { Text = _text.Trim() });

    private void SiteChanged(ChangeEventArgs change) => Go(Query with { Site = change.Value is string { Length: > 0 } site ? site : null });

    private void OrderChanged(ChangeEventArgs change) => Go(Query with { Order = Enum.Parse<DeviceOrder>((string)change.Value!) });
}
