using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Where alerts are told, and what became of it; a secret is shown once, and nowhere else (A47). Read again every two seconds while it is open.</summary>
public partial class WebhooksView : ComponentBase
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private SiloWork? _work;
    private Latest<Shown>? _latest;
    private ITimer? _timer;
    private WebhookSecret? _made;
    private string? _open;
    private string? _asked;
    private string _act = "";
    private string _name = "";
    private string _url = "";
    private string _severity = "info";

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    private IReadOnlyList<WebhookView>? Hooks => _latest?.Value?.Hooks;

    /// <summary>Of the webhook that is open; null until they were read.</summary>
    private IReadOnlyList<WebhookDelivery>? Deliveries => _latest?.Value is { } shown && shown.Open == _open ? shown.Deliveries : null;

    private string? Problem => (_work?.Problem ?? _latest?.Problem)?.Message;

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _work = new SiloWork(SignedIn, StateHasChanged);
        _latest = new(ReadAsync, Show);
        Begin();
    }

    // Rights come after the first drawing.
    protected override void OnParametersSet() => Begin();

    public void Dispose()
    {
        _timer?.Dispose();
        _latest?.Dispose();
        _work?.Dispose();
    }

    private void Begin()
    {
        if (_timer is null && _latest is not null && Rights is { MayAdminister: true })
            _ = LoadAsync();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    private async Task<Shown> ReadAsync(CancellationToken stop)
    {
        var (silo, open) = (await SignedIn.SiloAsync(), _open);
        var hooks = await silo.WebhooksAsync(stop);
        return new(hooks, open, open is not null && hooks.Any(hook => hook.Name == open) ? await silo.DeliveriesAsync(open, stop) : []);
    }

    private void Show()
    {
        _timer?.Dispose();
        _timer = Clock.CreateTimer(_ => _ = InvokeAsync(LoadAsync), null, s_look, Timeout.InfiniteTimeSpan);
        StateHasChanged();
    }

    private async Task AddAsync()
    {
        var request = new WebhookRequest(_name.Trim(), _url.Trim(), _severity);
        if (await TryAsync(async (silo, stop) => _made = await silo.AddWebhookAsync(request, stop)))
            (_name, _url, _severity) = ("", "", "info");
    }

    private Task TestAsync(string name)
    {
        _open = name;
        return TryAsync((silo, stop) => silo.TestWebhookAsync(name, stop));
    }

    private Task ResendAsync(string id) => TryAsync((silo, stop) => silo.ResendAsync(_open!, id, stop));

    private Task OpenAsync(string name)
    {
        _open = _open == name ? null : name;
        return LoadAsync();
    }

    private void Ask(string name, string act) => (_asked, _act) = (name, act);

    private async Task<string?> ActAsync()
    {
        var (name, act) = (_asked!, _act);
        var done = await TryAsync(async (silo, stop) =>
        {
            if (act == "rotate")
                _made = await silo.RotateWebhookAsync(name, stop);
            else
                await silo.RemoveWebhookAsync(name, stop);
        });
        if (done && act == "remove" && _open == name)
            _open = null;
        return done ? null : _work!.Problem?.Message;
    }

    /// <summary>Does something, and reads what there is afterwards.</summary>
    private async Task<bool> TryAsync(Func<Silo.SiloClient, CancellationToken, Task> act)
    {
        var done = await _work!.TryAsync(act);
        await LoadAsync();
        return done;
    }

    private sealed record Shown(IReadOnlyList<WebhookView> Hooks, string? Open, IReadOnlyList<WebhookDelivery> Deliveries);
}
