using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>A device's tags, and a dialog that changes them: it sends what was added and what was taken away, so that what somebody else does meanwhile stays.</summary>
public partial class TagsView : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>What the person saw when they began; null while nothing is edited.</summary>
    private IReadOnlyList<string>? _before;
    private string _text = "";
    private string _reason = "";

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter, EditorRequired]
    public required string Site { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<string>? Tags { get; set; }

    private string? Missing => Rights?.Missing("operator", Site);

    private TagEdit Edit => TagText.Edit(_before ?? [], _text, _reason);

    private string? Wrong => TagText.Wrong(_text);

    private bool Complete => Wrong is null && Edit is not { Add.Count: 0, Remove.Count: 0 };

    public void Dispose() => _end.Cancel();

    private void Open()
    {
        _before = Tags ?? [];
        (_text, _reason) = (string.Join(' ', _before), "");
    }

    private async Task<string?> SaveAsync(IReadOnlyList<string> before)
    {
        try
        {
            await (await SignedIn.SiloAsync()).TagAsync(Id, TagText.Edit(before, _text, _reason), _end.Token);
            return null;
        }
        catch (SiloException problem)
        {
            return problem.Message;
        }
    }
}
