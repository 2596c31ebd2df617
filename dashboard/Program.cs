return await TrustMesh.Dashboard.Hosting.CommandLine.RunAsync(args, Console.Out, Console.Error);
