using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Layout;

/// <summary>Leads somebody whose session ended back to the sign-in page, with the reason and the way back.</summary>
public sealed class SignInAgain : ComponentBase
{
    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override void OnInitialized() => Go(Navigation);

    public static void Go(NavigationManager navigation) =>
        navigation.NavigateTo(SignInAddress.To("ended", "/" + navigation.ToBaseRelativePath(navigation.Uri)), forceLoad: true);
}
