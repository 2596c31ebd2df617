using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Tags everything a query finds: tried out first, and then done for exactly those that were shown.</summary>
public partial class TagManyDialog : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private BulkAnswer? _tried;
    private string? _problem;
    private string _add = "";
    private string _remove = "";
    private string _reason = "";
    private bool _busy;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    /// <summary>Which devices; not an empty one.</summary>
    [Parameter, EditorRequired]
    public required string Query { get; set; }

    /// <summary>How many it finds, for the title.</summary>
    [Parameter, EditorRequired]
    public required int Count { get; set; }

    /// <summary>It was done; what became of each.</summary>
    [Parameter]
    public EventCallback<BulkAnswer> Done { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    private IReadOnlyList<string> Added => DeviceTags.Split(_add);

    private IReadOnlyList<string> Removed => DeviceTags.Split(_remove);

    private string? Wrong => TagText.Wrong(_add) ?? TagText.Wrong(_remove) ?? (Added.Intersect(Removed, StringComparer.Ordinal).FirstOrDefault() is { } both ? $"{both} cannot be both added and taken away." : null);

    public void Dispose() => _end.Cancel();

    /// <summary>What was tried out is not what stands there any more.</summary>
    private void Changed() => (_tried, _problem) = (null, null);

    private async Task TryAsync()
    {
        (_busy, _problem) = (true, null);
        try
        {
            _tried = await (await SignedIn.SiloAsync()).TagManyAsync(new BulkTags(Added, Removed, Query: Query, DryRun: true), _end.Token);
        }
        catch (SiloException problem)
        {
            _problem = problem.Message;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The person closed the dialog before it was tried out.
            return;
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task<string?> TagAsync()
    {
        try
        {
            var shown = _tried!.Devices.Where(one => one.Outcome == "would").Select(one => one.Id).ToList();
            var answer = await (await SignedIn.SiloAsync()).TagManyAsync(new BulkTags(Added, Removed, shown, Reason: string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim()), CancellationToken.None);
            await Done.InvokeAsync(answer);
            return null;
        }
        catch (SiloException problem)
        {
            return problem.Message;
        }
    }
}
