using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>A draft of a policy: written, tried out on the live fleet, and signed as it was tried out.</summary>
public partial class PolicyDraftView : ComponentBase
{
    private const int Most = 200;

    private SiloWork? _work;
    private PolicyUpdate? _draft;
    private PolicyView? _base;
    private PolicySimulation? _simulation;
    private string _text = "";
    private string? _wrong;
    private string? _done;
    private string _reason = "";
    private string _typed = "";
    private bool _asking;
    private ElementReference _area;

    /// <summary>The earlier version that the draft is, as it was taken; null once somebody wrote in it.</summary>
    private long? _taken;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    /// <summary>In force.</summary>
    [Parameter, EditorRequired]
    public required PolicyView Policy { get; set; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    /// <summary>The draft was signed and is in force.</summary>
    [Parameter]
    public EventCallback<PolicyView> Signed { get; set; }

    private bool? MayTry => Rights?.MayOperate;

    private string? TryMissing => Rights?.OperateMissing;

    private bool Complete => !string.IsNullOrWhiteSpace(_reason) && (_simulation!.Fails == 0 || _typed.Trim() == $"{_simulation.Fails}");

    protected override void OnInitialized() => _work = new SiloWork(SignedIn, StateHasChanged);

    public void Dispose() => _work?.Dispose();

    private static string Summary(PolicySimulation done)
    {
        var parts = new List<string>
        {
            $"Would fail {Devices(done.Fails)}{(done.Fails == 1 ? " that passes" : " that pass")} now",
            $"would pass {done.Passes:N0} that fail now",
        };
        if (done.Changes > 0)
            parts.Add($"{done.Changes:N0} would change otherwise");
        parts.Add($"{done.Unjudged:N0} cannot be judged{(done.Complete ? "" : ", as time ran out")}");
        return $"{string.Join(", ", parts)}, {done.Same:N0} stay as they are.";
    }

    private static string Devices(int count) => count == 1 ? "1 device" : $"{count:N0} devices";

    private static string Effect(string effect) => effect switch { "fails" => "would fail", "passes" => "would pass", "changes" => "would change", _ => "not judged" };

    private static string Look(string effect) => effect switch { "fails" => Looks.Contraindicated, "passes" => Looks.Trusted, "changes" => Looks.Warning, _ => Looks.Unproven };

    /// <summary>An earlier version is the draft from now on: tried out and signed as any other.</summary>
    public async Task TakeAsync(PolicyView earlier)
    {
        _text = PolicyDraft.Of(earlier);
        Changed();
        (_taken, _reason) = (earlier.Version, $"back to version {earlier.Version}");
        StateHasChanged();
        // Who took it by keyboard is at the bottom of the page, and the next step is at the top.
        await _area.FocusAsync();
    }

    private void Begin()
    {
        _text = PolicyDraft.Of(Policy);
        Changed();
    }

    /// <summary>What was tried out is not what is written any more.</summary>
    private void Changed()
    {
        _draft = PolicyDraft.Parse(_text, out _wrong);
        (_simulation, _done, _taken) = (null, null, null);
    }

    private async Task LoadAsync(InputFileChangeEventArgs chosen)
    {
        if (chosen.File.Size > PolicyDraft.Most)
        {
            (_wrong, _draft, _simulation) = ($"A draft has at most {PolicyDraft.Most:N0} characters.", null, null);
            return;
        }
        try
        {
            using var reader = new StreamReader(chosen.File.OpenReadStream(PolicyDraft.Most), Encoding.UTF8);
            _text = await reader.ReadToEndAsync();
            Changed();
        }
        catch (IOException)
        {
            (_wrong, _draft, _simulation) = ("The file could not be read.", null, null);
        }
    }

    private async Task TryOutAsync()
    {
        if (_draft is not { } draft || _work!.Busy)
            return;
        (_simulation, _done) = (null, null);
        await _work.TryAsync(async (silo, stop) =>
        {
            var simulation = await silo.SimulatePolicyAsync(draft, stop);
            _base = await silo.PolicyAsync(simulation.Against, stop);
            // Written on meanwhile: what came back is of another draft.
            if (ReferenceEquals(draft, _draft))
                _simulation = simulation;
        });
    }

    private async Task<string?> SignAsync()
    {
        var (draft, over) = (_draft! with { Reason = _reason.Trim() }, _simulation!.Against);
        var signed = await _work!.TryAsync(async (silo, stop) =>
        {
            var policy = await silo.UpdatePolicyAsync(draft, over, stop);
            _done = $"Signed as version {policy.Version}. Devices judge by it as soon as they have it.";
            await Signed.InvokeAsync(policy);
        });
        if (!signed)
            return _work.Problem?.Message;
        (_text, _draft, _reason, _typed) = ("", null, "", "");
        return null;
    }
}
