module example.com/douyin

go 1.19
