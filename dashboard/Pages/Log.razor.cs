using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Pages;

/// <summary>
/// The mesh's logs: their signed checkpoints, which the browser verifies itself (Graph/logCheck.ts), and their entries as the silo decodes them. What is
/// asked for is in the URL. Read again when the silo tells of anything, unless somebody went further back.
/// </summary>
public partial class Log : ComponentBase
{
    private const int Most = 100;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _end = new();
    private LogQuery _query = LogQuery.Of(null, null, null, null, null);
    private Latest<Shown>? _latest;
    private EventTail? _tail;
    private LogFindings? _older;
    private SiloException? _olderProblem;
    private bool _waiting;
    private bool _busy;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    [SupplyParameterFromQuery]
    public string? Kind { get; set; }

    [SupplyParameterFromQuery]
    public string? By { get; set; }

    [SupplyParameterFromQuery]
    public string? Text { get; set; }

    /// <summary>ISO 8601 with a zone.</summary>
    [SupplyParameterFromQuery]
    public string? Since { get; set; }

    [SupplyParameterFromQuery]
    public string? Until { get; set; }

    private IReadOnlyList<LogFinding> Entries => _latest?.Value is not { } shown ? [] : _older is null ? shown.Found.Entries : [.. shown.Found.Entries, .. _older.Entries];

    private string? Next => _older is null ? _latest?.Value?.Found.Next : _older.Next;

    private DateTimeOffset? Back => _older is null ? _latest?.Value?.Found.Back : _older.Back;

    protected override async Task OnParametersSetAsync()
    {
        var query = LogQuery.Of(Kind, By, Text, InstantText.Parse(Since), InstantText.Parse(Until));
        if (!RendererInfo.IsInteractive || _latest is not null && query == _query)
        {
            _query = query;
            return;
        }
        _query = query;
        _latest?.Dispose();
        _latest = new(ReadAsync, StateHasChanged, stop => Task.Delay(s_rest, Clock, stop));
        if (_tail is null)
        {
            _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
            _tail.Start(InvokeAsync, events => _ = HearAsync());
        }
        await NewestAsync();
    }

    public void Dispose()
    {
        _tail?.Dispose();
        _latest?.Dispose();
        _end.Cancel();
    }

    private static string Hex(string base64)
    {
        var bytes = new byte[64];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Convert.ToHexStringLower(bytes.AsSpan(0, length)) : base64;
    }

    private async Task<Shown> ReadAsync(CancellationToken stop)
    {
        var silo = await SignedIn.SiloAsync();
        return new(await silo.LogsAsync(stop), await silo.LogEntriesAsync(_query, null, Most, stop));
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    /// <summary>Rows somebody reads further back stay where they are.</summary>
    private Task HearAsync()
    {
        if (_older is null)
            return LoadAsync();
        _waiting = true;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task NewestAsync()
    {
        (_older, _olderProblem, _waiting) = (null, null, false);
        return LoadAsync();
    }

    private async Task OlderAsync()
    {
        if (_busy || Next is not { } next)
            return;
        (_busy, _olderProblem) = (true, null);
        var query = _query;
        try
        {
            var page = await (await SignedIn.SiloAsync()).LogEntriesAsync(query, next, Most, _end.Token);
            if (query == _query)
                _older = page with { Entries = [.. _older?.Entries ?? [], .. page.Entries] };
        }
        catch (SiloException problem)
        {
            _olderProblem = problem;
        }
        finally
        {
            _busy = false;
        }
    }

    private sealed record Shown(IReadOnlyList<LogView> Logs, LogFindings Found);
}
