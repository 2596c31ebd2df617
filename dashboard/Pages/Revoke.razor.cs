using System.Globalization;
using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Pages;

/// <summary>
/// Revoking devices step by step: which, what it costs the others, why and is that so, and then how it spreads. The URL holds the query, and once it is done
/// the act: whoever loads the page again sees the same and sends nothing twice.
/// </summary>
public partial class Revoke : ComponentBase
{
    private const int Choosing = 0, Weighing = 1, Confirming = 2, Carried = 3;
    private static readonly string[] s_steps = ["Choose the devices", "See what it costs the others", "Give the reason and confirm", "Watch it spread"];
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(2);

    private readonly OwnUrls _urls = new();
    private SiloWork? _work;
    private ITimer? _clock;
    private RevocationChoice _choice = RevocationChoice.None;
    private RevocationPlan? _plan;
    private ElementReference _title;
    private bool _ready;
    private bool _arrive;
    private int _step;
    private string _reason = "";
    private string _typed = "";

    /// <summary>Names the act, so that it is the same one however often it is sent.</summary>
    private string? _request;
    private string? _act;

    /// <summary>The URL holds the act.</summary>
    private bool _followed;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>An act that was sent from here.</summary>
    [SupplyParameterFromQuery(Name = "act")]
    public string? Act { get; set; }

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    private bool Busy => _work?.Busy != false;

    private string Expected => _plan!.Devices.Count == 1 ? _plan.Devices[0].Name : _plan.Devices.Count.ToString(CultureInfo.InvariantCulture);

    private string Many => _plan!.Devices.Count == 1 ? NameText.Plain(_plan.Devices[0].Name) : $"{_plan.Devices.Count:N0} devices";

    private string Command => $"trustmesh device revoke --query {(Query.Query.IsEmpty ? "QUERY" : Query.Quoted)} --reason TEXT{(_step == Confirming ? "" : " --dry-run")}";

    /// <summary>Why there is no next step yet; null if there is.</summary>
    private string? ChoiceMissing =>
        Query.Problem is not null ? "What is written is no query yet."
        : Query.Query.IsEmpty ? "A query that finds every device is not taken; write which ones."
        : !_ready ? "The mesh is not known yet."
        : _choice.Within + _choice.Beyond == 0 ? (_choice.Already > 0 ? "All of them are revoked already." : "The query finds no device.")
        : _choice.Within > RevocationChoice.Most ? $"One act takes at most {RevocationChoice.Most:N0} devices; narrow the query, for example by site."
        : null;

    private string? PlanMissing =>
        !_plan!.Yours ? $"None of these devices is yours to revoke: it needs {(_plan.Beyond.Count > 0 ? _plan.Beyond[0].Missing : "operator")}."
        : _plan.Devices.Count == 0 ? "There is nothing left to revoke."
        : null;

    private string? ConfirmMissing =>
        string.IsNullOrWhiteSpace(_reason) ? "A reason is needed."
        : _reason.AsSpan().Trim().ContainsAny('\n', '\r') ? "The reason has to be one line."
        : _typed.Trim() == Expected ? null
        : _typed.Length == 0 ? $"Type {NameText.Plain(Expected)} to confirm."
        : $"That is not {NameText.Plain(Expected)}; type exactly that to confirm.";

    protected override void OnInitialized()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        Feed.Changed += OnChanged;
        if (RendererInfo.IsInteractive)
            _clock = Clock.CreateTimer(_ => _ = InvokeAsync(OnTick), null, s_tick, s_tick);
    }

    protected override void OnParametersSet()
    {
        if (Act is { Length: > 0 } act)
        {
            (_act, _step, _followed) = (act, Carried, true);
            return;
        }
        var asked = DeviceQuery.Parse(Text, null, null, null);
        // Back from an act to the beginning, or brought here by a link; else only rights came, or the page's own navigation.
        if (_urls.Arrived(asked.Url("/revocations/new")) || _followed)
            (Query, _step, _act, _followed) = (asked, Choosing, null, false);
        Read();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_arrive || _step == Carried)
            return;
        _arrive = false;
        await _title.FocusAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _clock?.Dispose();
        _work?.Dispose();
    }

    private void OnTick()
    {
        if (Query.Query.DependsOnTime)
            OnChanged(null);
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (_step != Choosing)
            return;
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        _ready = Feed.Fleet.Sequence >= 0;
        _choice = Query.Query.IsEmpty ? RevocationChoice.None : RevocationChoice.Of(Query.Of(Feed.Fleet.Devices.Values, Clock.GetUtcNow()), Rights);
    }

    private void TextChanged(string text)
    {
        var before = Query.Url("/revocations/new");
        Query = Query.With(text);
        var url = Query.Url("/revocations/new");
        if (url == before)
            return;
        Read();
        _urls.Go(url);
        Navigation.NavigateTo(url, replace: true);
    }

    private Task GoAsync(int step)
    {
        (_step, _arrive) = (step, true);
        return Task.CompletedTask;
    }

    private async Task PlanAsync()
    {
        var query = Query.Query.Text.Trim();
        // Another plan is another act; the same one, looked at again, is not confirmed yet.
        (_plan, _request, _typed) = (null, null, "");
        if (await _work!.TryAsync(async (silo, stop) => _plan = await silo.PlanRevocationAsync(new(query), stop)))
            await GoAsync(Weighing);
    }

    private async Task RevokeAsync()
    {
        if (ConfirmMissing is not null || Busy)
            return;
        _request ??= $"web-{Guid.NewGuid():n}";
        RevocationAct? done = null;
        var order = new RevocationOrder(_plan!.Digest, [.. _plan.Devices.Select(device => new PlanTarget(device.Id, device.Mark))], _reason.Trim(), _request);
        if (!await _work!.TryAsync(async (silo, stop) => done = await silo.RevokeAsync(order, stop)))
            return;
        (_act, _step) = (done!.Request.Id, Carried);
        Navigation.NavigateTo($"/revocations/new?act={Uri.EscapeDataString(_act)}", replace: true);
    }

    private Task RetryAsync() => _step == Confirming ? RevokeAsync() : PlanAsync();
}
