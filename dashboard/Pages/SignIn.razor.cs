using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>One-time code or passkey in, session cookie out. The code travels in the body of a POST and is shown nowhere (A47).</summary>
public partial class SignIn : ComponentBase
{
    [CascadingParameter]
    public required HttpContext Context { get; set; }

    [Inject]
    public required SiloConnection Connection { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public string? Code { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public PasskeyAnswer? Passkey { get; set; }

    [SupplyParameterFromQuery]
    public string? Reason { get; set; }

    [SupplyParameterFromQuery]
    public string? Back { get; set; }

    private static readonly string[] s_fields =
        [nameof(PasskeyAnswer.CredentialId), nameof(PasskeyAnswer.UserHandle), nameof(PasskeyAnswer.ClientData), nameof(PasskeyAnswer.AuthenticatorData), nameof(PasskeyAnswer.Signature)];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private SignInWays? _ways;
    private bool _late;

    private string? Problem { get; set; }

    private string? PasskeyProblem { get; set; }

    /// <summary>This page at an address where passkeys work, if this one is none.</summary>
    private string? Named => PasskeyAddress.Named(new Uri(Navigation.Uri));

    private string? ReasonText => Reason switch
    {
        "ended" => "Your session has ended. Sign in again to go on where you were.",
        "signed-out" => "You are signed out.",
        "signed-out-here" => "You are signed out here. At the provider you may still be signed in.",
        "provider-failed" => "The sign-in at the provider did not work. Try again; the dashboard's log says more.",
        "provider-refused" => "The provider vouched for you, and that does not count here. Ask an admin which of your groups has a role.",
        _ => null,
    };

    protected override async Task OnInitializedAsync()
    {
        // The form does not wait for long: a code can be typed meanwhile.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Context.RequestAborted);
        late.CancelAfter(s_patience);
        try
        {
            _ways = await Connection.For(null).WaysAsync(late.Token);
        }
        catch (SiloException problem)
        {
            // An older silo knows no other ways.
            _late = problem.Code != "not_found";
        }
        catch (OperationCanceledException) when (!Context.RequestAborted.IsCancellationRequested)
        {
            _late = true;
        }
    }

    private async Task SubmitAsync()
    {
        if (string.IsNullOrWhiteSpace(Code))
        {
            Problem = "Enter the one-time code.";
            return;
        }
        try
        {
            var session = await Connection.For(null).SignInAsync(Code.Trim(), Context.RequestAborted);
            await SessionCookie.SignInAsync(Context, session);
        }
        catch (SiloException refused)
        {
            Problem = refused.Code switch
            {
                "unauthenticated" or "forbidden" or "not_found" or "invalid" => "This code is not valid: it is wrong, used, or too old. Ask for a new one.",
                "rate_limited" => "Too many attempts. Wait a minute, then try again.",
                "unreachable" => "The silo does not answer. Try again; if the code is refused then, it was used up on the way, and you need a new one.",
                _ => refused.Message,
            };
            return;
        }
        Navigation.NavigateTo(SignInAddress.Local(Back));
    }

    private async Task SubmitPasskeyAsync()
    {
        var binding = BrowserBinding.Take(Context);
        if (Passkey is not { CredentialId: { } id, UserHandle: { } handle, ClientData: { } client, AuthenticatorData: { } data, Signature: { } signature } || binding is null)
        {
            PasskeyProblem = "That took too long, or this browser keeps no cookies. Try again.";
            return;
        }
        try
        {
            var session = await Connection.For(null).SignInAsync(new PasskeySignIn(BrowserBinding.Origin(Context), binding, id, handle, client, data, signature), Context.RequestAborted);
            await SessionCookie.SignInAsync(Context, session);
        }
        catch (SiloException refused)
        {
            PasskeyProblem = refused.Code == "rate_limited" ? "Too many attempts. Wait a minute, then try again." : refused.Message;
            return;
        }
        Navigation.NavigateTo(SignInAddress.Local(Back));
    }
}
