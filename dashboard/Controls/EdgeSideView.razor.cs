using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>One direction of an edge: what one device said of the other, why, and a way to have it look again.</summary>
public partial class EdgeSideView : ComponentBase
{
    /// <summary>A device that can examine a peer does so within its handshake's time limit; past this something is in the way.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource _end = new();
    private ITimer? _timer;
    private EdgeEnds? _shown;
    private SiloException? _problem;
    private bool _busy;
    private bool _late;
    /// <summary>Since it was asked: when the verdict of that moment was issued; null if there was none.</summary>
    private (DateTimeOffset? Before, bool Answered)? _asked;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    [Parameter, EditorRequired]
    public required EdgeEnds Ends { get; set; }

    [Parameter, EditorRequired]
    public required EdgeSide? Side { get; set; }

    [Parameter, EditorRequired]
    public required string FromName { get; set; }

    [Parameter, EditorRequired]
    public required string ToName { get; set; }

    /// <summary>The moment to draw: a proof may have run out since it was told.</summary>
    [Parameter, EditorRequired]
    public required DateTimeOffset Now { get; set; }

    /// <summary>Of the device that would examine; null if it is not known.</summary>
    [Parameter]
    public string? Site { get; set; }

    private string? Missing => Rights?.Missing("operator", Site);

    private string Look => Side is { } side ? EdgeText.Look(side.Status, side.Fresh, side.ExpiresAt, Now) : Looks.Unproven;

    private string TitleId => $"edge-{DeviceIdText.Short(Ends.From)}-{DeviceIdText.Short(Ends.To)}";

    private bool Waiting => _asked is { Answered: false } && !_late;

    private string Said => _asked switch
    {
        null => "",
        { Answered: true } => $"{Issuer} has examined {Subject} again.",
        _ when _late => $"{Issuer} was asked and has not sent a new verdict yet. It may be cut off, or {Subject} may not answer it.",
        _ => $"Asked {Issuer} to examine {Subject}. Its verdict appears here as soon as it comes.",
    };

    private string Issuer => NameText.Plain(FromName);

    private string Subject => NameText.Plain(ToName);

    protected override void OnParametersSet()
    {
        if (_shown != Ends)
            (_shown, _asked, _problem, _late) = (Ends, null, null, false);
        if (_asked is { Answered: false } asked && Side is { } side && (asked.Before is null || side.IssuedAt > asked.Before))
            _asked = asked with { Answered = true };
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _end.Cancel();
    }

    private async Task AskAsync()
    {
        if (_busy || Waiting)
            return;
        (_busy, _problem, _late, _asked) = (true, null, false, null);
        var before = Side?.IssuedAt;
        try
        {
            await (await SignedIn.SiloAsync()).ExamineAsync(Ends.From, Ends.To, _end.Token);
            // A quick device's verdict may have been here before the answer to the question.
            _asked = (before, Side is { } side && side.IssuedAt > (before ?? DateTimeOffset.MinValue));
            _timer?.Dispose();
            _timer = Clock.CreateTimer(_ => _ = InvokeAsync(Late), null, s_patience, Timeout.InfiniteTimeSpan);
        }
        catch (SiloException problem)
        {
            _problem = problem;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Late()
    {
        _late = true;
        StateHasChanged();
    }
}
