using Microsoft.JSInterop;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What a component has in the browser, let go of with it.</summary>
internal static class PageScript
{
    /// <param name="part">What the module opened, if it did; told to stop before it goes.</param>
    public static async Task CloseAsync(IJSObjectReference? part, IJSObjectReference? module)
    {
        try
        {
            if (part is not null)
            {
                await part.InvokeVoidAsync("dispose");
                await part.DisposeAsync();
            }
            if (module is not null)
                await module.DisposeAsync();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone or does not answer any more; what was here went with it.
        }
    }
}
