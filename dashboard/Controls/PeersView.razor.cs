using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Whom a device examines, and who examines it, live.</summary>
public partial class PeersView : ComponentBase
{
    private EdgeWatch? _watch;
    private string? _watched;
    private DateTimeOffset _now;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    /// <summary>Its id.</summary>
    [Parameter, EditorRequired]
    public required string Device { get; set; }

    /// <summary>The edge whose details are shown.</summary>
    [Parameter]
    public EdgeEnds? Open { get; set; }

    private string Name => Feed.Fleet.Devices.GetValueOrDefault(Device)?.Name ?? DeviceIdText.Short(Device);

    protected override void OnInitialized() => Feed.Changed += OnDevicesChanged;

    protected override void OnParametersSet()
    {
        _now = Clock.GetUtcNow();
        if (!RendererInfo.IsInteractive || _watched == Device)
            return;
        _watched = Device;
        _watch?.Dispose();
        _watch = new EdgeWatch(SignedIn, Feed, Clock, Device, InvokeAsync, Changed);
        _watch.Start();
    }

    public void Dispose()
    {
        Feed.Changed -= OnDevicesChanged;
        _watch?.Dispose();
    }

    private string? LookOf(string id) => Feed.Fleet.Devices.GetValueOrDefault(id)?.Look;

    /// <summary>How a peer looks is in the picture; its verdicts come by themselves.</summary>
    private void OnDevicesChanged(IReadOnlySet<string>? changed)
    {
        if (_watch?.Edges is { } edges && (changed is null || changed.Contains(Device) || edges.Any(edge => changed.Contains(edge.From) || changed.Contains(edge.To))))
            Changed();
    }

    private Task LoadAsync() => _watch?.LoadAsync() ?? Task.CompletedTask;

    private void Changed()
    {
        _now = Clock.GetUtcNow();
        StateHasChanged();
    }
}
