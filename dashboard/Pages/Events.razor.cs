using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>What happened in the mesh, as it happens.</summary>
public partial class Events : ComponentBase
{
    private IReadOnlyList<TrustEvent> _events = [];
    private EventTail? _tail;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
            Begin();
    }

    public void Dispose() => _tail?.Dispose();

    private void Begin()
    {
        _tail?.Dispose();
        _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
        _tail.Start(InvokeAsync, events =>
        {
            _events = events;
            StateHasChanged();
        }, StateHasChanged);
    }
}
