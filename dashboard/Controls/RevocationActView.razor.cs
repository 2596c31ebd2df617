using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>
/// One act on many devices, live: waiting for a second person, who decides here; then what became of each device, and the status list on its way until every
/// device has acknowledged it.
/// </summary>
public partial class RevocationActView : ComponentBase
{
    private const int MostShown = 300;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2), s_slow = TimeSpan.FromSeconds(10);
    private Latest<Shown>? _latest;
    private SiloWork? _work;
    private EventTail? _tail;
    private ITimer? _timer;
    private ElementReference _title;
    private string? _asked;
    private string _note = "";
    private string _typed = "";
    private bool _focused;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    /// <summary>Whoever comes here from a step before goes on at the heading.</summary>
    [Parameter]
    public bool TakesFocus { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _work = new SiloWork(SignedIn, StateHasChanged);
        _latest = new(ReadAsync, Show);
        _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
        _tail.StartNews(InvokeAsync, ["revocation", "revoked", "operator"], () => _ = LoadAsync());
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!TakesFocus || _focused || _latest?.Value is null)
            return;
        _focused = true;
        await _title.FocusAsync();
    }

    public void Dispose()
    {
        _tail?.Dispose();
        _timer?.Dispose();
        _latest?.Dispose();
        _work?.Dispose();
    }

    private static string Many(RevocationRequest request) => request.Devices == 1 ? "One device" : $"{request.Devices:N0} devices";

    private static string Title(RevocationRequest request) => request.State switch
    {
        "waiting" => $"{Many(request)} to be revoked",
        "rejected" or "expired" => $"{Many(request)} that stay",
        _ => $"{Many(request)} revoked as one act",
    };

    private static string State(RevocationRequest request) => request.State switch
    {
        "waiting" => "A second person has to approve it, who is approver for every site it concerns.",
        "running" => $"{request.Revoked ?? 0:N0} of {request.Devices:N0} revoked so far{(request.Failed > 0 ? $"; {request.Failed:N0} could not be reached" : "")}.",
        "done" => $"{request.Revoked:N0} of {request.Devices:N0} revoked.",
        "expired" => "Nobody decided within 24 hours; nothing was revoked.",
        _ => "Nothing was revoked.",
    };

    private static string Expected(RevocationAct act) => act.Devices.Count == 1 ? act.Devices[0].Name : act.Devices.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private bool IsOwn(RevocationRequest request) => Rights?.Name == request.By;

    private string? ApproveMissing(RevocationRequest request) => Rights is null ? "" : IsOwn(request) ? "You asked for it: somebody else has to approve it." : RightMissing(request);

    private string? RejectMissing(RevocationRequest request) => Rights is null ? "" : IsOwn(request) ? null : RightMissing(request);

    private string? RightMissing(RevocationRequest request) => request.Sites.Select(site => Rights!.Missing("approver", site)).FirstOrDefault(missing => missing is not null);

    private async Task<Shown> ReadAsync(CancellationToken stop)
    {
        var silo = await SignedIn.SiloAsync();
        var act = await silo.RevocationRequestAsync(Id, stop);
        return new(act, act.Request.State is "done" or "running" ? await silo.PropagationAsync(stop) : null);
    }

    private void Show()
    {
        _timer?.Dispose();
        var wait = _latest?.Value switch
        {
            { Spread.Waiting.Count: > 0 } or { Act.Request.State: "running" } => s_look,
            { Act.Request.State: "waiting" } => s_slow,
            _ => (TimeSpan?)null,
        };
        _timer = wait is { } soon ? Clock.CreateTimer(_ => _ = InvokeAsync(LoadAsync), null, soon, Timeout.InfiniteTimeSpan) : null;
        StateHasChanged();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    private void CloseDialog() => (_asked, _note, _typed) = (null, "", "");

    private Task<string?> ApproveAsync() => DecideAsync((silo, request) => silo.ApproveRevocationAsync(request.Id, new(request.Digest, string.IsNullOrWhiteSpace(_note) ? null : _note.Trim()), CancellationToken.None));

    private Task<string?> RejectAsync() => DecideAsync((silo, request) => silo.RejectRevocationAsync(request.Id, _note.Trim(), CancellationToken.None));

    private async Task<string?> DecideAsync(Func<SiloClient, RevocationRequest, Task<RevocationAct>> decide)
    {
        try
        {
            await decide(await SignedIn.SiloAsync(), _latest!.Value!.Act.Request);
        }
        catch (SiloException problem)
        {
            await LoadAsync();
            return problem.Message;
        }
        await LoadAsync();
        return null;
    }

    /// <summary>The same act once more: what is done stays done.</summary>
    private async Task AgainAsync()
    {
        var act = _latest!.Value!.Act;
        var request = act.Request;
        await _work!.TryAsync((silo, stop) => request.DecidedBy == request.By
            ? silo.RevokeAsync(new(request.Digest, [.. act.Devices.Select(one => new PlanTarget(one.Id, one.Mark))], request.Reason, request.Id), stop)
            : silo.ApproveRevocationAsync(request.Id, new(request.Digest), stop));
        await LoadAsync();
    }

    private sealed record Shown(RevocationAct Act, PropagationView? Spread);
}
