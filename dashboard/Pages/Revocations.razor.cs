using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>The status list in force, whom it names, how far it has come, and what waits for a second person. Read again when a standing changes, when the silo tells of a list, and every
/// few seconds while devices are waited for.</summary>
public partial class Revocations : ComponentBase
{
    private const int MostRevoked = 500;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private Latest<Shown>? _latest;
    private EventTail? _tail;
    private ITimer? _timer;
    private Dictionary<string, string> _out = [];

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _latest = new(ReadAsync, Show);
        Feed.Changed += OnChanged;
        _out = Out();
        _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
        _tail.StartNews(InvokeAsync, ["revocation", "revoked", "suspended", "resumed", "operator"], () => _ = LoadAsync());
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _tail?.Dispose();
        _timer?.Dispose();
        _latest?.Dispose();
    }

    /// <summary>Devices that are suspended or revoked, as the feed has it.</summary>
    private Dictionary<string, string> Out() =>
        Feed.Fleet.Devices.Values.Where(device => device.Standing is "suspended" or "revoked").ToDictionary(device => device.Id, device => device.Standing);

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (changed is not null && changed.All(id => Feed.Fleet.Devices.GetValueOrDefault(id)?.Standing is var standing
            && _out.GetValueOrDefault(id) == (standing is "suspended" or "revoked" ? standing : null)))
            return;
        _out = Out();
        _ = LoadAsync();
    }

    private async Task<Shown> ReadAsync(CancellationToken stop)
    {
        var silo = await SignedIn.SiloAsync();
        return new(await silo.RevocationsAsync(stop), await silo.PropagationAsync(stop), await silo.RevocationRequestsAsync(stop));
    }

    private void Show()
    {
        _timer?.Dispose();
        _timer = _latest?.Value is { Spread.Waiting.Count: > 0 } ? Clock.CreateTimer(_ => _ = InvokeAsync(LoadAsync), null, s_look, Timeout.InfiniteTimeSpan) : null;
        StateHasChanged();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    private sealed record Shown(RevocationView List, PropagationView Spread, IReadOnlyList<RevocationRequest> Requests);
}
