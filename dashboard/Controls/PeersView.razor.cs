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

    public void Dispose() => _watch?.Dispose();

    private Task LoadAsync() => _watch?.LoadAsync() ?? Task.CompletedTask;

    private void Changed()
    {
        _now = Clock.GetUtcNow();
        StateHasChanged();
    }
}
