using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What fires, who took it on, what is quiet, what was resolved. Read again when the silo tells of an alert, and every few seconds.</summary>
public partial class AlertsView : ComponentBase
{
    private const int MostShown = 50;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(3);
    private static readonly (string Place, string Title)[] s_places = [("firing", "Firing"), ("acknowledged", "Acknowledged"), ("silenced", "Silenced"), ("resolved", "Resolved in the last 7 days")];
    private Latest<IReadOnlyList<AlertView>>? _latest;
    private EventTail? _tail;
    private ITimer? _timer;
    private SiloWork? _work;
    private AlertView? _asked;
    private string _act = "";

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _work = new SiloWork(SignedIn, StateHasChanged);
        _latest = new(async stop => await (await SignedIn.SiloAsync()).AlertsAsync(stop), Show);
        _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
        _tail.StartNews(InvokeAsync, ["alert", "operator"], () => _ = LoadAsync());
        await LoadAsync();
    }

    public void Dispose()
    {
        _tail?.Dispose();
        _timer?.Dispose();
        _latest?.Dispose();
        _work?.Dispose();
    }

    private void Show()
    {
        _timer?.Dispose();
        _timer = Clock.CreateTimer(_ => _ = InvokeAsync(LoadAsync), null, s_look, Timeout.InfiniteTimeSpan);
        StateHasChanged();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    private void Ask(AlertView alert, string act) => (_asked, _act) = (alert, act);

    private async Task<string?> ActAsync(Func<SiloClient, CancellationToken, Task> act)
    {
        if (!await _work!.TryAsync(act))
            return _work.Problem?.Message ?? "The page was left.";
        await LoadAsync();
        return null;
    }
}
