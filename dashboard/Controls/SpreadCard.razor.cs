using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Controls;

/// <summary>How far a status list has come: how many enforce it, how long that took, and who is waited for.</summary>
public partial class SpreadCard : ComponentBase
{
    private const int MostWaiting = 40, MostAcks = 200;

    [Parameter, EditorRequired]
    public required PropagationView Spread { get; set; }
}
