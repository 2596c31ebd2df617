using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace TrustMesh.Dashboard.Controls;

/// <summary>A table of any length that holds only the rows around the visible ones. All rows are <see cref="RowHeight"/> pixels high.</summary>
public partial class VirtualTable<TItem> : ComponentBase
    where TItem : notnull
{
    public const int RowHeight = 44;
    private const int Overscan = 12;
    private ElementReference _viewport;
    private IJSObjectReference? _shell;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<VirtualTable<TItem>>? _self;
    private bool _gone;
    private int _first;
    private int _count = 40;

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<TItem> Items { get; set; }

    [Parameter, EditorRequired]
    public required Func<TItem, object> Key { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment Header { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<TItem> Row { get; set; }

    [Parameter, EditorRequired]
    public required int Columns { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>A class for widths of columns.</summary>
    [Parameter]
    public string? Class { get; set; }

    private int End => Math.Min(Items.Count, _first + _count);

    protected override void OnParametersSet() => _first = Math.Clamp(_first, 0, Math.Max(0, Items.Count - _count));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _self = DotNetObjectReference.Create(this);
        _shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
        if (!_gone)
            _watch = await _shell.InvokeAsync<IJSObjectReference>("watchScroll", _viewport, _self);
        // The page was left while the script came, and nobody else lets go of it.
        if (_gone)
            await LetGoAsync();
    }

    /// <summary>The browser scrolled or changed size.</summary>
    /// <param name="top">Pixels above the first visible row.</param>
    /// <param name="height">Visible pixels.</param>
    [JSInvokable]
    public void Scrolled(double top, double height)
    {
        var count = (int)Math.Clamp(height / RowHeight, 10, 200) + (2 * Overscan);
        var first = (int)Math.Clamp((top / RowHeight) - Overscan, 0, Math.Max(0, Items.Count - count));
        if (first == _first && count == _count)
            return;
        (_first, _count) = (first, count);
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        await LetGoAsync();
        _self?.Dispose();
    }

    private async Task LetGoAsync()
    {
        var (watch, shell) = (_watch, _shell);
        (_watch, _shell) = (null, null);
        await PageScript.CloseAsync(watch, shell);
    }
}
