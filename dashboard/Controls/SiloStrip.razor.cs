using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>The silos in one line: how many, what is wrong with how many of them, and with the worst what; a link to their page.</summary>
public partial class SiloStrip : ComponentBase
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private SiloWatch? _watch;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _watch = new SiloWatch(SignedIn, Clock, s_look, InvokeAsync, StateHasChanged);
        _watch.Start();
    }

    public void Dispose() => _watch?.Dispose();
}
