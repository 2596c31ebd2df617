using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>All edges between devices as a table: what the graph draws, without a canvas.</summary>
public partial class EdgesView : ComponentBase
{
    private EdgeWatch? _watch;
    private IReadOnlyList<PeerEdge> _shown = [];
    private Dictionary<string, int> _counts = [];
    private DateTimeOffset _now;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Parameter, EditorRequired]
    public required DeviceQuery Query { get; set; }

    /// <summary>Looks of verdicts; empty shows all.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlySet<string> Looks { get; set; }

    [Parameter]
    public EventCallback<string> Toggled { get; set; }

    /// <summary>Of the file: the same as the table shows.</summary>
    private string Asked => Looks.Count == 0 ? Query.Url("") : Query.Url("", $"look={string.Join(',', EdgeQuery.Verdicts.Where(Looks.Contains))}");

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _watch = new EdgeWatch(SignedIn, Feed, Clock, null, InvokeAsync, Changed);
        _watch.Start();
    }

    protected override void OnParametersSet() => Read();

    public void Dispose() => _watch?.Dispose();

    private Task LoadAsync() => _watch?.LoadAsync() ?? Task.CompletedTask;

    private void Changed()
    {
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        _now = Clock.GetUtcNow();
        var edges = _watch?.Edges ?? [];
        _counts = edges.GroupBy(edge => EdgeQuery.Look(edge, _now)).ToDictionary(group => group.Key, group => group.Count());
        var meant = new EdgeQuery(Query.Query, Looks).Of(edges, id => Feed.Fleet.Devices.TryGetValue(id, out var device) ? DeviceFacts.Of(device) : null, _now);
        _shown = EdgeQuery.WorstFirst(meant, _now);
    }
}
