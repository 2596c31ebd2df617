using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Pages;

/// <summary>What looks different than it did: two instants of the past, or one and now, side by side. Both are in the URL.</summary>
public partial class Changes : ComponentBase
{
    private const int Shown = 500;

    private static readonly (string Words, TimeSpan Span)[] s_presets =
        [("Last hour", TimeSpan.FromHours(1)), ("Last 24 hours", TimeSpan.FromHours(24)), ("Last 7 days", TimeSpan.FromDays(7))];

    private readonly CancellationTokenSource _end = new();
    private DateTimeOffset _from;
    private DateTimeOffset? _to;
    private HistoryView? _past;
    private IReadOnlyList<LookDifference>? _found;
    private SiloException? _problem;
    private string? _asked;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    /// <summary>ISO 8601 with a zone; a day ago if left out.</summary>
    [SupplyParameterFromQuery]
    public string? From { get; set; }

    /// <summary>Likewise; now if left out.</summary>
    [SupplyParameterFromQuery]
    public string? To { get; set; }

    private string Shell => $"trustmesh history changes --since {InstantText.Of(_from)}{(_to is { } to ? $" --until {InstantText.Of(to)}" : "")}";

    protected override async Task OnParametersSetAsync()
    {
        if (_asked == $"{From}~{To}")
            return;
        _asked = $"{From}~{To}";
        _from = InstantText.Parse(From) ?? Clock.GetUtcNow().AddDays(-1);
        _to = InstantText.Parse(To);
        if (RendererInfo.IsInteractive)
            await LoadAsync();
    }

    public void Dispose() => _end.Cancel();

    private async Task LoadAsync()
    {
        (_found, _past, _problem) = (null, null, null);
        var asked = _asked;
        try
        {
            var silo = await SignedIn.SiloAsync();
            // Now is asked for anew each time, and by the silo's clock.
            var past = await silo.LongHistoryAsync(_from, _to ?? DateTimeOffset.MaxValue, _end.Token);
            if (asked == _asked)
                (_past, _found) = (past, LookDifference.Of(past));
        }
        catch (SiloException problem)
        {
            if (asked == _asked)
                _problem = problem;
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    private static string Escape(DateTimeOffset at) => Uri.EscapeDataString(InstantText.Of(at));
}
