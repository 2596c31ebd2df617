using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Controls;

/// <summary>
/// Where a query is written, on every page that shows devices: with ways to go on, what is wrong with it, how many it finds, and what the mesh has saved.
/// The text in the input is the browser's (Graph/queryBox.ts); drawing never overwrites what a person is typing.
/// </summary>
public partial class QueryBox : ComponentBase
{
    private ElementReference _root;
    private IJSObjectReference? _shell;
    private IJSObjectReference? _script;
    private DotNetObjectReference<QueryBox>? _self;
    private bool _gone;
    private string _first = "";
    private string _written = "";
    private bool _open;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Parameter, EditorRequired]
    public required DeviceQuery Query { get; set; }

    /// <summary>The person wrote something else, or chose it.</summary>
    [Parameter]
    public EventCallback<string> Changed { get; set; }

    /// <summary>Devices the query finds; null while that is not known.</summary>
    [Parameter]
    public int? Found { get; set; }

    [Parameter]
    public string Label { get; set; } = "Find devices";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>What is wrong goes up to where the person still writes: to say so aloud at every letter would only be in the way.</summary>
    private bool Unfinished => Query.Problem is { } problem && problem.Position + problem.Length > Query.Text.Length;

    private string FoundText => Found is not { } found || Query.Query.IsEmpty || Query.Problem is not null ? "" : $"{found:N0} {(found == 1 ? "match" : "matches")}";

    protected override void OnInitialized() => _first = _written = Query.Text;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
            if (!_gone)
                _script = await _shell.InvokeAsync<IJSObjectReference>("openQuery", _root, _self, _written);
            if (_gone)
            {
                // The page was left while the script came, and nobody else lets go of it.
                await LetGoAsync();
                return;
            }
        }
        if (_script is not null && _written != Query.Text)
        {
            _written = Query.Text;
            await _script.InvokeVoidAsync("write", _written);
        }
    }

    /// <summary>What is in the input now. Once this is answered, what is shown is what it finds.</summary>
    /// <param name="caret">In UTF-16 units.</param>
    [JSInvokable]
    public async Task<CompletionList> Typed(string text, int caret)
    {
        if (text != Query.Text)
        {
            _written = text;
            await Changed.InvokeAsync(text);
        }
        return QueryCompletion.Of(text, caret, Feed.Fleet.Devices.Values, Clock.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        await LetGoAsync();
        _self?.Dispose();
    }

    private async Task LetGoAsync()
    {
        var (script, shell) = (_script, _shell);
        (_script, _shell) = (null, null);
        await PageScript.CloseAsync(script, shell);
    }

    private async Task WriteAsync(string text)
    {
        _open = false;
        await Changed.InvokeAsync(text);
    }

    private void ToggleMenu() => _open = !_open;
}
