using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Pages;

/// <summary>Every device, live, found by text, site and look. What is shown is in the URL.</summary>
public partial class Devices : ComponentBase
{
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
        Query = DeviceQuery.Parse(Text, Look, Site, Order);
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

    private void Go(DeviceQuery query) => Navigation.NavigateTo(query.Url("/devices"), replace: true);

    private void TextChanged(ChangeEventArgs change) => Go(Query with { Text = (change.Value as string ?? "").Trim() });

    private void SiteChanged(ChangeEventArgs change) => Go(Query with { Site = change.Value is string { Length: > 0 } site ? site : null });

    private void OrderChanged(ChangeEventArgs change) => Go(Query with { Order = Enum.Parse<DeviceOrder>((string)change.Value!) });
}
