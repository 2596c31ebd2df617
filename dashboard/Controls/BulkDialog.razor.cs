using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Tries a decision about many devices out, shows what would happen, and carries it out for exactly those it showed, as they were then.</summary>
public partial class BulkDialog : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private BulkAnswer? _tried;
    private string? _problem;
    private string _reason = "";
    private string _typed = "";

    [Inject]
    public required SignedIn SignedIn { get; init; }

    /// <summary>approve or reject.</summary>
    [Parameter, EditorRequired]
    public required string Act { get; set; }

    /// <summary>Ids, at most 1,000.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Devices { get; set; }

    /// <summary>It was done; what became of each.</summary>
    [Parameter]
    public EventCallback<BulkAnswer> Decided { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    private bool Rejects => Act == "reject";

    private IReadOnlyList<BulkOutcome> Others => [.. _tried!.Devices.Where(one => one.Outcome != "would")];

    private IReadOnlyList<BulkOutcome> Doubted => [.. _tried!.Devices.Where(one => one is { Outcome: "would", Warning: not null })];

    private bool Complete => _tried is { Count: > 0 } && (!Rejects || (!string.IsNullOrWhiteSpace(_reason) && _typed.Trim() == $"{_tried.Count}"));

    private string Title => $"{(Rejects ? "Reject" : "Approve")} {(Devices.Count == 1 ? "1 device" : $"{Devices.Count:N0} devices")}?";

    private string Verb => $"{(Rejects ? "Reject" : "Approve")} {(_tried is null ? "" : _tried.Count.ToString("N0"))}".TrimEnd();

    private string Text => Rejects
        ? "They leave the queue for good: to come back they need another root of trust."
        : "They become members of the mesh and are judged from their next proof on.";

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var silo = await SignedIn.SiloAsync();
            _tried = await silo.DecideManyAsync(new BulkDecision(Act, [.. Devices.Select(id => new DeviceMark(id))], DryRun: true), _end.Token);
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
    }

    public void Dispose() => _end.Cancel();

    private async Task<string?> DecideAsync()
    {
        try
        {
            var silo = await SignedIn.SiloAsync();
            var shown = _tried!.Devices.Where(one => one.Outcome == "would").Select(one => new DeviceMark(one.Id, one.Mark)).ToList();
            var answer = await silo.DecideManyAsync(new BulkDecision(Act, shown, Reason: string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim()), CancellationToken.None);
            await Decided.InvokeAsync(answer);
            return null;
        }
        catch (SiloException problem)
        {
            return problem.Message;
        }
    }
}
