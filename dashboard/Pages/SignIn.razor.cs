using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>One-time code in, session cookie out. The code travels in the body of a POST and is shown nowhere (A47).</summary>
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

    [SupplyParameterFromQuery]
    public string? Reason { get; set; }

    [SupplyParameterFromQuery]
    public string? Back { get; set; }

    private string? Problem { get; set; }

    private string? ReasonText => Reason switch
    {
        "ended" => "Your session has ended. Sign in again to go on where you were.",
        "signed-out" => "You are signed out.",
        _ => null,
    };

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
                _ => refused.Message,
            };
            return;
        }
        Navigation.NavigateTo(SignInAddress.Local(Back));
    }
}
