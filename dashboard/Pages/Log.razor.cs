using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>The mesh's logs: their signed checkpoints and newest entries. Read again when the silo tells of anything. What is shown here is the silo's word;
/// the proof is in the shell.</summary>
public partial class Log : ComponentBase
{
    private const int Most = 100;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private Latest<Shown>? _latest;
    private EventTail? _tail;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _latest = new(ReadAsync, StateHasChanged, stop => Task.Delay(s_rest, Clock, stop));
        _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
        _tail.Start(InvokeAsync, events => _ = LoadAsync());
        await LoadAsync();
    }

    public void Dispose()
    {
        _tail?.Dispose();
        _latest?.Dispose();
    }

    private static string Hex(string base64)
    {
        var bytes = new byte[64];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Convert.ToHexStringLower(bytes.AsSpan(0, length)) : base64;
    }

    private async Task<Shown> ReadAsync(CancellationToken stop)
    {
        var silo = await SignedIn.SiloAsync();
        var logs = await silo.LogsAsync(stop);
        var entries = new List<(int Number, LogEntryView Entry)>();
        foreach (var log in logs)
            entries.AddRange((await silo.LogEntriesAsync(log.Number, Most, stop)).Entries.Select(entry => (log.Number, entry)));
        return new(logs, [.. entries.OrderByDescending(one => one.Entry.At).ThenByDescending(one => one.Entry.Index).Take(Most)]);
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    private sealed record Shown(IReadOnlyList<LogView> Logs, IReadOnlyList<(int Number, LogEntryView Entry)> Entries);
}
