using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Pages;

/// <summary>Who wants in, and the tokens by which devices may ask. Which of those who wait are shown is in the URL.</summary>
public partial class Enrolment : ComponentBase
{
    private const string Address = "/enrolment";

    private readonly OwnUrls _urls = new();
    private IReadOnlyList<GraphNode> _found = [];
    private int _waiting;
    private bool _ready;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    protected override void OnParametersSet()
    {
        var asked = DeviceQuery.Parse(Text, null, null, null);
        if (!_urls.Arrived(asked.Url(Address)))
            return;
        Query = asked;
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
        var waiting = Feed.Fleet.Devices.Values.Where(device => device.Look == Looks.Pending).ToList();
        (_ready, _waiting) = (Feed.Fleet.Sequence >= 0, waiting.Count);
        _found = Query.Of(waiting, Clock.GetUtcNow());
    }

    private void TextChanged(string text)
    {
        var before = Query.Url(Address);
        Query = Query.With(text);
        var url = Query.Url(Address);
        // What is no query yet changes nothing but what is said about it.
        if (url == before)
            return;
        Read();
        _urls.Go(url);
        Navigation.NavigateTo(url, replace: true);
    }
}
