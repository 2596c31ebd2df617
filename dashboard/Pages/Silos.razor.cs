using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>The silos of the mesh, worst first: health and why, share of the twins, rates, storage errors, duties. Read every two seconds while it is open.</summary>
public partial class Silos : ComponentBase
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
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

    private Task LoadAsync() => _watch?.LoadAsync() ?? Task.CompletedTask;

    // What a dead silo last said is nobody's work any more.
    private static long Twins(IEnumerable<SiloView> silos) => silos.Where(silo => silo.Health != "dead").Sum(silo => (long)silo.Twins);

    private static double Calls(IEnumerable<SiloView> silos) => silos.Where(silo => silo.Health != "dead").Sum(silo => silo.CallsPerSecond);
}
